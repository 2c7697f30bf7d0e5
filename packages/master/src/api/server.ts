import type { FastifyInstance } from 'fastify';
import { DrumlineError, messageOf } from '@drumline/model';
import { AnswersUnderWay } from './answers.js';
import { createApp } from './app.js';
import { affordableConnections, Connections } from './connections.js';
import { EventStreams } from './events.js';
import { urlHost } from './hosts.js';
import { createHttpServer, HTTP_LIMITS, type HttpLimits } from './http-server.js';
import type { Refuse } from './refuse.js';
import type { RunControl } from './run-control.js';

/** Where the control API listens. */
export interface ApiAddress {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** When the port is taken: take a free one, or fail with `address-unavailable`. */
  readonly orAnyPort: boolean;
}

/** Whom the control API serves, and how long and how many. */
export interface ApiAccess {
  /** Needed for every request unless the API is bound to loopback; null asks nobody for one. */
  readonly token: string | null;
  readonly refuse: Refuse;
  readonly limits?: Partial<HttpLimits & { readonly maxConnections: number }>;
}

export interface ApiServer {
  /** Base URL, without a slash at the end. */
  readonly url: string;
  /** Ends every event stream, lets answers under way finish, and cuts off whoever is still there a second later. */
  close(): Promise<void>;
}

const CLOSE_GRACE_MS = 1_000;
/** Time for clients that follow the run to fetch its result after the end. */
const RESULT_GRACE_MS = 500;

/** Serves the control API of a run. @throws DrumlineError `address-unavailable` */
export async function startApi(
  address: ApiAddress,
  control: RunControl,
  { token, refuse, limits }: ApiAccess,
): Promise<ApiServer> {
  const connections = new Connections(limits?.maxConnections ?? affordableConnections(), () =>
    refuse('idler', 'there were too many connections'),
  );
  const streams = new EventStreams(control, connections, refuse);
  const host = address.host === 'localhost' ? '127.0.0.1' : address.host;
  const app = await listen({ ...address, host }, () =>
    createApp(control, {
      admission: { host, token },
      refuse,
      streams,
      serverFactory: (handler) => {
        const server = createHttpServer(handler, { ...HTTP_LIMITS, ...limits });
        connections.watch(server);
        return server;
      },
    }),
  );
  const answers = new AnswersUnderWay(app.server);
  const bound = app.server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : address.port;
  return {
    url: `http://${urlHost(host)}:${port}`,
    close: () => close(app, streams, answers),
  };
}

/** An application that failed to listen cannot be used again, so each attempt has its own. */
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
      ? ['the port is taken', 'Choose another one with --api HOST:PORT, or end the program that has it.']
      : code === 'EACCES'
        ? ['this user may not', 'Choose a port above 1023 with --api HOST:PORT.']
        : code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND'
          ? [
              'this machine has no such address',
              'Use 127.0.0.1 for this machine only, 0.0.0.0 for all networks.',
            ]
          : [messageOf(cause), 'Choose another address with --api HOST:PORT.'];
  return new DrumlineError('address-unavailable', `${where}: ${why}`, hint, { cause });
}

async function close(app: FastifyInstance, streams: EventStreams, answers: AnswersUnderWay): Promise<void> {
  await streams.left(RESULT_GRACE_MS);
  streams.endAll();
  const closed = app.close();
  await answers.finished(CLOSE_GRACE_MS);
  app.server.closeAllConnections();
  await closed;
}
