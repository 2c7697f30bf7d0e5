import { StatusCode } from '@drumline/drivers/grpc';
import { describe, expect, test } from '@jest/globals';
import { makeCertificate } from '../support/certificates.js';
import { until } from '../support/closing.js';
import { serveGrpc, unary, type GrpcServerOptions } from '../support/grpc-servers.js';
import { rawFrame, serveFrames } from '../support/h2-peers.js';
import { closedPort } from '../support/servers.js';
import { ask, grpcBench, METHOD, start, type MakeEngine } from './bench.js';

const identity = makeCertificate({ commonName: 'server', hosts: ['localhost'] });

export function describeConnections(makeEngine: MakeEngine): void {
  describe('connections', () => {
    const bench = grpcBench(makeEngine);

    /** A server that responds on request. */
    const serveHeld = async (options: GrpcServerOptions = {}) => {
      const held: (() => void)[] = [];
      const server = await bench.closing(
        serveGrpc(
          { [METHOD]: unary((call, reply) => void held.push(() => reply(null, call.request))) },
          options,
        ),
      );
      return { server, held, release: () => held.splice(0).forEach((answer) => answer()) };
    };
    const serveEcho = (options: GrpcServerOptions = {}) =>
      bench.closing(serveGrpc({ [METHOD]: unary((call, reply) => reply(null, call.request)) }, options));

    test.each([
      [1, 1],
      [3, 3],
      ['user', 4],
    ] as const)(
      'channels: %p makes %i connections for four concurrent users',
      async (channels, connections) => {
        const { server, held, release } = await serveHeld();
        const engine = await bench.engine(server.origin, { channels });
        for (let round = 0; round < 2; round++) {
          const sessions = Array.from({ length: 4 }, () => engine.openSession());
          const calls = sessions.flatMap((session) =>
            [1, 2, 3].map(() => start(session, { message: Buffer.from('x') })),
          );
          await until(() => held.length === 12);
          release();
          for (const call of calls) expect((await call.done).status).toBe(StatusCode.OK);
          for (const session of sessions) await session.close();
        }
        expect(server.connections).toBe(channels === 'user' ? 2 * connections : connections);
        expect(server.requests).toBe(24);
      },
    );

    test.each([
      ['the server’s', { 'grpc.max_concurrent_streams': 5 }, {}],
      ['ours', {}, { maxStreams: 5 }],
    ])('calls on a connection stay within %s limit; further calls wait', async (_, theirs, ours) => {
      const { server, held, release } = await serveHeld(theirs);
      const session = await bench.session(server.origin, ours);
      // The first call waits for the connection, and therefore for the server's SETTINGS.
      const first = start(session, { message: Buffer.from('x') });
      await until(() => held.length === 1);
      release();
      await first.done;
      const calls = Array.from({ length: 12 }, () => start(session, { message: Buffer.from('x') }));
      for (const expected of [5, 5, 2]) {
        await until(() => held.length === expected);
        release();
      }
      for (const call of calls) expect((await call.done).status).toBe(StatusCode.OK);
      expect([server.connections, server.requests]).toEqual([1, 13]);
    });

    test('calls over TLS', async () => {
      const server = await serveEcho({ identity });
      const session = await bench.session(server.origin, { tls: { ca: identity.cert } });
      const { end } = await ask(session, 'x');
      expect(end.status).toBe(StatusCode.OK);
      expect(end.timing.opened).toMatchObject({ protocol: 'h2' });
    });

    test('an untrusted certificate', async () => {
      const server = await serveEcho({ identity });
      const { end } = await ask(await bench.session(server.origin), 'x');
      expect(end).toMatchObject({ status: StatusCode.UNAVAILABLE, sent: false, failure: { class: 'tls' } });
    });

    test('a client certificate', async () => {
      const client = makeCertificate({ commonName: 'client' });
      const server = await serveEcho({ identity, clientAuthorities: client.cert });
      const { cert, key } = client;
      const known = await bench.session(server.origin, { tls: { ca: identity.cert, cert, key } });
      expect((await ask(known, 'x')).end.status).toBe(StatusCode.OK);
      const unknown = await bench.session(server.origin, { tls: { ca: identity.cert } });
      expect((await ask(unknown, 'x')).end.status).toBe(StatusCode.UNAVAILABLE);
      expect(server.requests).toBe(1);
    });

    test('without a listener calls are UNAVAILABLE with the reason; once a server listens, calls succeed', async () => {
      const port = await closedPort();
      const session = await bench.session(`http://127.0.0.1:${port}`);
      const { end } = await ask(session, 'x');
      expect(end).toMatchObject({
        status: StatusCode.UNAVAILABLE,
        sent: false,
        failure: { class: 'refused', code: 'ECONNREFUSED' },
      });
    });

    test('calls on a broken connection end with UNAVAILABLE, and the next call opens another', async () => {
      const { server, held, release } = await serveHeld();
      const session = await bench.session(server.origin);
      const call = start(session, { message: Buffer.from('x') });
      await until(() => held.length === 1);
      server.reset();
      const end = await call.done;
      expect(end).toMatchObject({ status: StatusCode.UNAVAILABLE, sent: true, failure: { class: 'reset' } });
      held.length = 0;
      const next = start(session, { message: Buffer.from('x') });
      await until(() => held.length === 1);
      release();
      expect((await next.done).status).toBe(StatusCode.OK);
      expect([server.connections, server.requests]).toEqual([2, 2]);
    });

    test('after GOAWAY, calls in progress continue and the next call uses another connection', async () => {
      const { server, held, release } = await serveHeld();
      const session = await bench.session(server.origin);
      const call = start(session, { message: Buffer.from('x') });
      await until(() => held.length === 1);
      server.sayGoodbye();
      const next = start(session, { message: Buffer.from('x') });
      await until(() => held.length === 2);
      release();
      expect((await call.done).status).toBe(StatusCode.OK);
      expect((await next.done).status).toBe(StatusCode.OK);
      expect([server.connections, server.requests]).toEqual([2, 2]);
    });

    test('PINGs continue while the connection is idle', async () => {
      const server = await serveEcho();
      const session = await bench.session(server.origin, { keepAlive: { everyMs: 30, timeoutMs: 5_000 } });
      await ask(session, 'x');
      const [socket] = server.sockets;
      const before = socket!.bytesRead;
      await until(() => socket!.bytesRead >= before + 3 * 17);
      expect((await ask(session, 'x')).end.status).toBe(StatusCode.OK);
      expect(server.connections).toBe(1);
    });

    test('an unanswered PING ends the connection', async () => {
      const server = await bench.closing(serveFrames(() => {}, rawFrame(4, 0, 0, '')));
      const session = await bench.session(`http://127.0.0.1:${server.port}`, {
        keepAlive: { everyMs: 50, timeoutMs: 100 },
      });
      const { end } = await ask(session, 'x');
      expect(end).toMatchObject({ status: StatusCode.UNAVAILABLE, sent: true });
      expect(end.failure).toBeDefined();
    });
  });
}
