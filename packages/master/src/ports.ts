import { printable, type RefusalKind } from '@drumline/model';
import { bindMasterLink } from '@drumline/wire';
import { LinkProcess } from '@drumline/wire/link-process';
import type { GrpcAccess, GrpcServer } from './api/grpc/server.js';
import type { ApiAccess, ApiServer } from './api/rest/server.js';
import { Cluster } from './cluster/cluster.js';
import type { Log } from './cluster/log.js';
import type { Refusals } from './cluster/refusals.js';
import type { ClusterOptions } from './options.js';
import type { ControlPlane } from './service/control-plane.js';
import { SecretLink } from './service/secret-link.js';

/** The addresses of a previous master. If any port will do, the next one takes the same. */
export interface FormerAddresses {
  readonly workerAddress?: string | undefined;
  readonly apiUrl?: string | undefined;
}

/** Opens the worker port. @throws DrumlineError `address-unavailable` */
export async function openCluster(
  options: ClusterOptions & Pick<Cluster['terms'], 'keepsExcluded'>,
  log: Log,
  linkProcess: LinkProcess,
  former: FormerAddresses = {},
): Promise<{ cluster: Cluster; link: SecretLink }> {
  const { bind, key } = options;
  // Workers look for their master where it was.
  const address = bind.endsWith(':0') ? (former.workerAddress ?? bind) : bind;
  const link = new SecretLink(await bindMasterLink(address, key, linkProcess));
  return { link, cluster: new Cluster(link, options, log) };
}

/** The control API over REST and gRPC. */
export interface Apis {
  /** Of the REST API. */
  readonly url: string | null;
  /** `HOST:PORT` of the gRPC API. */
  readonly grpcAddress: string | null;
  close(): Promise<void>;
}

/** Opens the control APIs that there are. @throws DrumlineError `address-unavailable` */
export async function openApis(
  options: ClusterOptions,
  control: ControlPlane,
  refusals: Refusals,
  log: Log,
  former: FormerAddresses = {},
): Promise<Apis> {
  const { key, apiToken = key?.roleTokens, apiTokenOnLoopback = false, tls } = options;
  const { TlsFiles } = await import('./api/rest/tls-files.js');
  const access = {
    token: apiToken ?? null,
    tokenOnLoopback: apiTokenOnLoopback,
    allowedOrigins: options.apiAllowedOrigins,
    tls: tls && new TlsFiles(tls, log),
    dashboard: options.dashboard,
    refuse: (kind: RefusalKind, why: string) => refusals.add(kind, why),
  };
  const rest = await openRest(options, control, access, former);
  try {
    const grpc = await openGrpc(options, control, access);
    return {
      url: rest?.url ?? null,
      grpcAddress: grpc?.address ?? null,
      close: async () => void (await Promise.all([rest?.close(), grpc?.close()])),
    };
  } catch (error) {
    await rest?.close();
    throw error;
  }
}

async function openGrpc(
  { grpc }: ClusterOptions,
  control: ControlPlane,
  access: GrpcAccess,
): Promise<GrpcServer | null> {
  if (!grpc) return null;
  const { startGrpc } = await import('./api/grpc/server.js');
  return await startGrpc(grpc, control, access);
}

async function openRest(
  { api }: ClusterOptions,
  control: ControlPlane,
  access: ApiAccess,
  former: FormerAddresses,
): Promise<ApiServer | null> {
  if (api === null) return null;
  const { startApi } = await import('./api/rest/server.js');
  const { apiUrl } = former;
  const port = api.port === 0 && apiUrl !== undefined ? Number(new URL(apiUrl).port) : api.port;
  return await startApi({ ...api, port }, control, access);
}

/** Log lines may quote workers and unknown peers. */
export function printableLog(print: Log): Log {
  return (line) => print(printable(line));
}
