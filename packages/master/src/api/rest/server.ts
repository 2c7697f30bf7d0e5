import type { FastifyInstance } from 'fastify';
import { DrumlineError, messageOf, type RoleTokens } from '@drumline/model';
import { PendingResponses } from './pending-responses.js';
import { createApp } from './app.js';
import { readDashboard } from './dashboard.js';
import { affordableConnections, Connections } from './connections.js';
import { EventStreams } from './events.js';
import { urlHost } from './hosts.js';
import { createHttpServer, HTTP_LIMITS, type HttpLimits } from './http-server.js';
import type { Refuse } from './refuse.js';
import type { TlsFiles } from './tls-files.js';
import type { ControlPlane } from '../../service/control-plane.js';

/** Where the control API listens. */
export interface ApiAddress {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** If the port is in use: pick a free one (true), or fail with `address-unavailable`. */
  readonly orAnyPort: boolean;
}

/** Who may call the control API, and its limits. */
export interface ApiAccess {
  /** Required for every request unless the API is bound to loopback; null requires none. */
  readonly token: string | RoleTokens | null;
  /** Whether the token is required on loopback, too. */
  readonly tokenOnLoopback?: boolean;
  /** Origins of web pages that may call the API; by default none but its own. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Serves HTTPS with this certificate and key. */
  readonly tls?: TlsFiles | undefined;
  readonly refuse: Refuse;
  /** Directory of the dashboard; absent for none. */
  readonly dashboard?: string | undefined;
  readonly limits?: Partial<HttpLimits & { readonly maxConnections: number }>;
}

export interface ApiServer {
  /** Base URL, without a trailing slash. */
  readonly url: string;
  /**
   * Ends all event streams and waits one second for pending responses. Then closes all connections.
   */
  close(): Promise<void>;
}

const CLOSE_GRACE_MS = 1_000;
/** How long clients that follow the run may fetch its result after the end. */
const RESULT_GRACE_MS = 500;

/** Serves the control API of a master. @throws DrumlineError `address-unavailable` */
export async function startApi(
  address: ApiAddress,
  control: ControlPlane,
  { token, tokenOnLoopback = false, allowedOrigins, tls, refuse, dashboard, limits }: ApiAccess,
): Promise<ApiServer> {
  const connections = new Connections(limits?.maxConnections ?? affordableConnections(), () =>
    refuse('idler', 'too many connections were open'),
  );
  const streams = new EventStreams(connections, refuse);
  const files = dashboard === undefined ? undefined : readDashboard(dashboard);
  const host = address.host === 'localhost' ? '127.0.0.1' : address.host;
  const app = await listen({ ...address, host }, () =>
    createApp(control, {
      admission: {
        host,
        tokens: typeof token === 'string' ? { admin: token } : token,
        tokenOnLoopback,
        allowedOrigins: new Set(allowedOrigins),
      },
      refuse,
      streams,
      dashboard: files,
      serverFactory: (handler) => {
        const server = createHttpServer(handler, { ...HTTP_LIMITS, ...limits }, tls);
        connections.watch(server);
        return server;
      },
    }),
  );
  const answers = new PendingResponses(app.server);
  const bound = app.server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : address.port;
  return {
    url: `${tls ? 'https' : 'http'}://${urlHost(host)}:${port}`,
    close: () => close(app, streams, answers),
  };
}

/**
 * Listens on the address. Each attempt needs a new application: one that failed to listen cannot be
 * reused.
 */
async function listen(
  { host, port, orAnyPort }: ApiAddress,
  create: () => Promise<FastifyInstance>,
): Promise<FastifyInstance> {
  const app = await create();
  try {
    await app.listen({ host, port });
    return app;
  } catch (error) {
    await app.close();
    const code = codeOf(error);
    if (code === 'EADDRINUSE' && orAnyPort && port !== 0) {
      return await listen({ host, port: 0, orAnyPort: false }, create);
    }
    throw addressUnavailable(host, port, code, error);
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

function addressUnavailable(host: string, port: number, code: unknown, cause: unknown): DrumlineError {
  const where = `the control API cannot listen on ${host}:${port}`;
  const [why, hint] =
    code === 'EADDRINUSE'
      ? ['the port is in use', 'Choose another port with --api HOST:PORT, or stop the program that uses it.']
      : code === 'EACCES'
        ? ['permission denied', 'Choose a port above 1023 with --api HOST:PORT.']
        : code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND'
          ? [
              'this machine has no such address',
              'Use 127.0.0.1 for this machine only, 0.0.0.0 for all networks.',
            ]
          : [messageOf(cause), 'Choose another address with --api HOST:PORT.'];
  return new DrumlineError('address-unavailable', `${where}: ${why}`, hint, { cause });
}

async function close(app: FastifyInstance, streams: EventStreams, answers: PendingResponses): Promise<void> {
  await streams.left(RESULT_GRACE_MS);
  streams.endAll();
  const closed = app.close();
  await answers.finished(CLOSE_GRACE_MS);
  app.server.closeAllConnections();
  await closed;
}
