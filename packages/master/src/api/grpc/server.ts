import { readFileSync } from 'node:fs';
import { Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import { DrumlineError, messageOf } from '@drumline/model';
import type { ControlPlane } from '../../service/control-plane.js';
import type { ApiAccess } from '../rest/server.js';
import { callCheck } from './admission.js';
import { CONTROL_SERVICE, controlService } from './control-service.js';
import { EventStreams } from './event-streams.js';
import { HEALTH_PROTO, healthService } from './health.js';
import { reflectionServices } from './reflection.js';
import { TlsCredentials } from './tls-credentials.js';

/** Where the gRPC control API listens, and its schema. */
export interface GrpcAddress {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Path of control.proto. */
  readonly proto: string;
}

/** Who may call it: the same as for REST. */
export type GrpcAccess = Omit<ApiAccess, 'limits'>;

export interface GrpcServer {
  /** `HOST:PORT` */
  readonly address: string;
  /** Waits for pending responses and streams for a second, then closes all connections. */
  close(): Promise<void>;
}

const CLOSE_GRACE_MS = 1_000;

/** A connection that does not answer for a minute is lost. */
const OPTIONS = {
  'grpc.max_concurrent_streams': 100,
  'grpc.max_receive_message_length': 4 * 2 ** 20,
  'grpc.keepalive_time_ms': 40_000,
  'grpc.keepalive_timeout_ms': 20_000,
};

/** Serves the control API of a master over gRPC. @throws DrumlineError `address-unavailable` */
export async function startGrpc(
  { host, port, proto: path }: GrpcAddress,
  control: ControlPlane,
  { token, tokenOnLoopback = false, refuse, tls }: GrpcAccess,
): Promise<GrpcServer> {
  const proto = readFileSync(path, 'utf8');
  const tokens = typeof token === 'string' ? { admin: token } : token;
  const server = new Server(OPTIONS);
  const refusalOf = callCheck({ host, tokens, tokenOnLoopback }, refuse);
  const streams = new EventStreams(refuse);
  const described = { 'drumline/control.proto': proto, 'grpc/health/v1/health.proto': HEALTH_PROTO };
  const services = [
    controlService(proto, { control, refusalOf, streams }),
    healthService([CONTROL_SERVICE]),
    ...reflectionServices(described, refusalOf),
  ];
  for (const { definition, handlers } of services)
    server.addService(definition as ServiceDefinition, { ...handlers });
  const secured = tls && new TlsCredentials(tls);
  const credentials = secured ?? ServerCredentials.createInsecure();
  const named = host.includes(':') ? `[${host}]` : host;
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${named}:${port}`, credentials, (error, boundPort) => {
      if (!error) return resolve(boundPort);
      secured?.end();
      reject(addressUnavailable(`${named}:${port}`, error));
    });
  });
  const end = async (): Promise<void> => {
    secured?.end();
    await close(server);
  };
  return { address: `${named}:${bound}`, close: end };
}

function addressUnavailable(address: string, cause: Error): DrumlineError {
  const why = messageOf(cause);
  const inUse = why.includes('EADDRINUSE');
  return new DrumlineError(
    'address-unavailable',
    `the gRPC API cannot listen on ${address}: ${inUse ? 'the port is in use' : why}`,
    'Choose another address with --grpc HOST:PORT.',
    { cause },
  );
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    const late = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, CLOSE_GRACE_MS);
    server.tryShutdown(() => {
      clearTimeout(late);
      resolve();
    });
  });
}
