import { describe, expect, test } from '@jest/globals';
import type { EngineRequest, ExchangeCounts, ExchangeHandler, ResponseHead } from '@drumline/drivers';
import { until, wait } from '../support/closing.js';
import type { PromisedSession } from '../support/promised.js';
import { closedPort, serveHttp } from '../support/servers.js';
import { engineBench, failed, get, response, text, type MakeEngine } from './bench.js';

const BODY = Buffer.alloc(300_000).map((_, i) => (i * 31) % 251);

/** Sends a request and records the callbacks in order. */
function listen(session: PromisedSession, request: EngineRequest, more: Partial<ExchangeHandler> = {}) {
  const called: string[] = [];
  const pieces: Buffer[] = [];
  let head: ResponseHead | undefined;
  const exchange = session.exchange(request, {
    onHead(received, soFar) {
      called.push('head');
      head = received;
      more.onHead?.(received, soFar);
    },
    onData(bytes, atMs) {
      if (called.at(-1) !== 'data') called.push('data');
      pieces.push(Buffer.from(bytes));
      more.onData?.(bytes, atMs);
    },
  });
  void exchange.done.then(() => called.push('end'));
  return {
    exchange,
    called,
    body: () => Buffer.concat(pieces),
    head: () => head,
  };
}

/** The events of a running exchange, and its back-pressure. */
export function describeEvents(makeEngine: MakeEngine): void {
  describe('the events of an exchange', () => {
    const bench = engineBench(makeEngine);
    const serveBody = () => bench.closing(serveHttp((_, reply) => reply.end(BODY)));

    test('a streamed response is reported as head, pieces and end', async () => {
      const server = await bench.closing(
        serveHttp((_, reply) =>
          reply.writeHead(201, 'Made', { 'x-a': '1', 'content-length': BODY.length }).end(BODY),
        ),
      );
      const session = await bench.session();
      const { exchange, called, head, body } = listen(session, get(server.origin, { receive: 'stream' }));
      const result = response(await exchange.done);
      expect(called).toEqual(['head', 'data', 'end']);
      expect(head()).toMatchObject({ version: 'http/1.1', status: 201, statusText: 'Made' });
      expect(head()!.header('x-a')).toBe('1');
      expect(head()!.rawHeaders).toEqual(result.rawHeaders);
      expect(body().equals(BODY)).toBe(true);
      expect([result.status, result.bodyBytes, result.body.length, result.text()]).toEqual([
        201,
        BODY.length,
        0,
        '',
      ]);
      expect(result.bytesReceived).toBe(server.sockets[0]!.bytesWritten);
    });

    test('the head is reported with the counts so far', async () => {
      const server = await bench.closing(
        serveHttp((_, reply) => {
          reply.writeHead(200).write('a');
          setTimeout(() => reply.end(BODY), 20);
        }),
      );
      let soFar: ExchangeCounts | undefined;
      let early: [sent: number, received: number] | undefined;
      const { exchange } = listen(await bench.session(), get(server.origin, { receive: 'stream' }), {
        onHead(_, counts) {
          soFar = counts;
          early = [counts.bytesSent, counts.bytesReceived];
          expect(counts.timing).toMatchObject({ firstByteAtMs: expect.any(Number), opened: { tlsMs: 0 } });
        },
      });
      await until(() => (soFar?.bytesReceived ?? 0) > 1_000);
      const result = response(await exchange.done);
      expect(early![0]).toBe(result.bytesSent);
      expect(early![1]).toBeLessThan(result.bytesReceived);
    });

    test.each([
      ['HEAD', 200],
      ['GET', 204],
      ['GET', 304],
    ])('the response to %s with status %i has only a head and an end', async (method, status) => {
      const server = await bench.closing(serveHttp((_, reply) => reply.writeHead(status).end()));
      const request = get(server.origin, { method, receive: 'stream' });
      const { exchange, called } = listen(await bench.session(), request);
      expect(response(await exchange.done).bodyBytes).toBe(0);
      expect(called).toEqual(['head', 'end']);
    });

    test('a discarded body is counted, not kept', async () => {
      const server = await serveBody();
      const session = await bench.session();
      const { exchange, called } = listen(session, get(server.origin, { receive: 'discard' }));
      const result = response(await exchange.done);
      expect([result.bodyBytes, result.body.length, result.text()]).toEqual([BODY.length, 0, '']);
      expect(called).toEqual(['head', 'end']);
      expect(text(await session.exchange(get(server.origin)).done)).toHaveLength(BODY.toString().length);
      expect(server.connections).toBe(1);
    });

    test('a kept body is in the result, and only the head is reported before', async () => {
      const { exchange, called } = listen(await bench.session(), get((await serveBody()).origin));
      const result = response(await exchange.done);
      expect(Buffer.compare(result.body, BODY)).toBe(0);
      expect([result.bodyBytes, called]).toEqual([BODY.length, ['head', 'end']]);
    });

    test('a streamed response that is cut off reports its pieces and then a failure', async () => {
      const server = await bench.closing(
        serveHttp((_, reply) => {
          reply.writeHead(200, { 'content-length': 10 }).write('abc');
          setTimeout(() => reply.socket!.end(), 30);
        }),
      );
      const { exchange, called, body } = listen(
        await bench.session(),
        get(server.origin, { receive: 'stream' }),
      );
      const result = failed(await exchange.done);
      expect(result.failure.code).toBe('CLOSED_MID_RESPONSE');
      expect([body().toString(), called]).toEqual(['abc', ['head', 'data', 'end']]);
    });

    test('the handler is never called before exchange has returned', async () => {
      const server = await serveBody();
      const engine = makeEngine({ now: bench.now });
      await bench.closing(engine);
      const open = engine.openSession();
      const closed = engine.openSession();
      await closed.close();
      await open.exchange(get(server.origin)).done;
      const early: string[] = [];
      const start = (session: PromisedSession, request: EngineRequest): Promise<unknown> => {
        let returned = false;
        const note = (what: string) => (): void =>
          void (!returned && early.push(`${what} of ${request.path}`));
        const exchange = session.exchange(request, { onHead: note('head'), onData: note('data') });
        void exchange.done.then(note('end'));
        returned = true;
        return exchange.done;
      };
      await Promise.all([
        start(open, get(server.origin, { receive: 'stream' })),
        start(open, get(server.origin, { path: '/in valid' })),
        start(open, get(`http://127.0.0.1:${await closedPort()}`)),
        start(closed, get(server.origin, { path: '/closed' })),
      ]);
      expect(early).toEqual([]);
    });

    test.each(['onHead', 'onData'] as const)(
      'after a cancel in %s only the end is reported',
      async (event) => {
        const server = await serveBody();
        const session = await bench.session();
        const cancel = (): void => heard.exchange.cancel('enough');
        const heard = listen(session, get(server.origin, { receive: 'stream' }), { [event]: cancel });
        const result = failed(await heard.exchange.done);
        expect(result).toMatchObject({ sent: true, failure: { class: 'aborted', message: 'enough' } });
        await wait(20);
        expect(heard.called).toEqual(event === 'onHead' ? ['head', 'end'] : ['head', 'data', 'end']);
        expect(heard.body().length).toBeLessThan(BODY.length);
        expect(response(await session.exchange(get(server.origin)).done).bodyBytes).toBe(BODY.length);
      },
    );

    test.each(['onHead', 'onData'] as const)(
      'a reader that pauses in %s gets the rest when it resumes',
      async (event) => {
        const large = Buffer.alloc(8_000_000, 'x');
        const server = await bench.closing(serveHttp((_, reply) => reply.end(large)));
        let paused = false;
        const pauseOnce = (): void => {
          if (!paused) heard.exchange.pause();
          paused = true;
        };
        const session = await bench.session({ timeouts: { bodyMs: 400 } });
        const heard = listen(session, get(server.origin, { receive: 'stream' }), { [event]: pauseOnce });
        await until(() => paused);
        await wait(50);
        const early = heard.body().length;
        await wait(600);
        expect(heard.body().length).toBe(early);
        expect(early).toBeLessThan(1_000_000);
        heard.exchange.resume();
        expect(response(await heard.exchange.done).bodyBytes).toBe(large.length);
        expect(heard.body().equals(large)).toBe(true);
        expect(response(await session.exchange(get(server.origin)).done).bodyBytes).toBe(large.length);
        expect(server.connections).toBe(1);
      },
    );

    test('the timeout of the whole request continues while the reader pauses', async () => {
      const server = await bench.closing(serveHttp((_, reply) => reply.end(Buffer.alloc(8_000_000))));
      const session = await bench.session({ timeouts: { wholeMs: 150 } });
      const heard = listen(session, get(server.origin, { receive: 'stream' }), {
        onData: () => heard.exchange.pause(),
      });
      expect(failed(await heard.exchange.done).failure.code).toBe('TIMEOUT_WHOLE');
    });

    test('pausing and resuming after the end have no effect', async () => {
      const server = await serveBody();
      const session = await bench.session();
      const first = session.exchange(get(server.origin));
      await first.done;
      first.pause();
      expect(response(await session.exchange(get(server.origin)).done).bodyBytes).toBe(BODY.length);
      first.resume();
      expect(server.connections).toBe(1);
    });
  });
}
