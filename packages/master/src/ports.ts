import { printable } from '@drumline/model';
import { bindMasterLink } from '@drumline/wire';
import { LinkProcess } from '@drumline/wire/link-process';
import type { ApiServer } from './api/rest/server.js';
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

/** Opens the control API, if there is one. @throws DrumlineError `address-unavailable` */
export async function openApi(
  { api, key, apiToken = key?.roleTokens, apiTokenOnLoopback = false, tls }: ClusterOptions,
  control: ControlPlane,
  refusals: Refusals,
  log: Log,
  former: FormerAddresses = {},
): Promise<ApiServer | null> {
  if (api === null) return null;
  const { startApi } = await import('./api/rest/server.js');
  const { TlsFiles } = await import('./api/rest/tls-files.js');
  const { apiUrl } = former;
  const port = api.port === 0 && apiUrl !== undefined ? Number(new URL(apiUrl).port) : api.port;
  return await startApi({ ...api, port }, control, {
    token: apiToken ?? null,
    tokenOnLoopback: apiTokenOnLoopback,
    tls: tls && new TlsFiles(tls, log),
    refuse: (kind, why) => refusals.add(kind, why),
  });
}

/** Log lines may quote workers and unknown peers. */
export function printableLog(print: Log): Log {
  return (line) => print(printable(line));
}
