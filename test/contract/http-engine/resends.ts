import type { EngineRequest } from '@drumline/drivers';
import { describe, expect, test } from '@jest/globals';
import { wait } from '../support/closing.js';
import { answerRaw, type TestServer } from '../support/servers.js';
import { engineBench, failed, get, response, type Bench, type MakeEngine } from './bench.js';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
const BODY = new TextEncoder().encode('a body');
/** Longer than the pause from which on a connection counts as idle. */
const REST_MS = 40;

type End = 'end' | 'destroy' | 'resetAndDestroy';

/**
 * A server that reads each second request of a connection and then closes it. `begins` is sent
 * before.
 */
function closingServer(bench: Bench, end: End, begins = ''): Promise<TestServer & { heads: string[] }> {
  const heads: string[] = [];
  const answered = new WeakSet<object>();
  const server = answerRaw((socket, head) => {
    heads.push(head);
    if (!answered.has(socket)) {
      answered.add(socket);
      socket.write(OK);
    } else if (begins === '') {
      socket[end]();
    } else {
      socket.write(begins, () => socket[end]());
    }
  });
  return bench.closing(server.then((made) => Object.assign(made, { heads })));
}

async function* pieces(): AsyncGenerator<Uint8Array> {
  yield BODY;
}

export function describeResends(makeEngine: MakeEngine): void {
  describe('a request that meets a kept connection which its server closes', () => {
    const bench = engineBench(makeEngine);

    /**
     * A request on a connection that has answered one, after a rest; and how often it was sent
     * again.
     */
    async function second(server: TestServer, more: Partial<EngineRequest>, restMs = REST_MS) {
      const session = await bench.session();
      await session.exchange(get(server.origin, { path: '/first' })).done;
      await wait(restMs);
      let resends = 0;
      const exchange = session.exchange(get(server.origin, more), { onResend: () => void resends++ });
      const result = await exchange.done;
      return { result, resends };
    }

    const ENDS: End[] = ['end', 'destroy', 'resetAndDestroy'];
    test.each(ENDS)('is sent again on a new connection (%s)', async (end) => {
      const server = await closingServer(bench, end);
      const { result, resends } = await second(server, { path: '/second' });
      expect(response(result).status).toBe(200);
      expect(resends).toBe(1);
      expect(server.heads.map((head) => head.split(' ')[1])).toEqual(['/first', '/second', '/second']);
      expect(server.connections).toBe(2);
      const { startedAtMs, sentAtMs, opened } = result.timing;
      expect(opened).toBeDefined();
      expect(sentAtMs!).toBeGreaterThanOrEqual(startedAtMs);
    });

    const key = (name: string): Partial<EngineRequest> => ({
      method: 'POST',
      headers: [name, '1'],
      body: BODY,
    });
    const repeatable = { chunks: { [Symbol.asyncIterator]: pieces }, lengthBytes: BODY.length };
    test.each<[string, boolean, Partial<EngineRequest>]>([
      ['GET', true, {}],
      ['HEAD', true, { method: 'HEAD' }],
      ['OPTIONS', true, { method: 'OPTIONS' }],
      ['DELETE', true, { method: 'DELETE' }],
      ['PUT', true, { method: 'PUT', body: BODY }],
      [
        'PUT of a body that can be made again',
        true,
        { method: 'PUT', body: { ...repeatable, repeatable: true } },
      ],
      ['PUT of a body that is made once', false, { method: 'PUT', body: repeatable }],
      ['POST', false, { method: 'POST', body: BODY }],
      ['PATCH', false, { method: 'PATCH', body: BODY }],
      ['POST with Idempotency-Key', true, key('Idempotency-Key')],
      ['POST with X-Idempotency-Key', true, key('x-idempotency-key')],
    ])('%s: is sent again: %s', async (_, again, request) => {
      const server = await closingServer(bench, 'end');
      const { result, resends } = await second(server, request);
      expect(resends).toBe(again ? 1 : 0);
      expect(server.heads.length).toBe(again ? 3 : 2);
      if (again) expect(response(result).status).toBe(200);
      else expect(failed(result)).toMatchObject({ sent: true, failure: { code: 'CLOSED_WHILE_IDLE' } });
    });

    test('is sent again at once, too', async () => {
      const server = await closingServer(bench, 'end');
      const { result, resends } = await second(server, {}, 0);
      expect([response(result).status, resends]).toEqual([200, 1]);
    });

    test('is sent again once at most', async () => {
      const heads: string[] = [];
      const server = await bench.closing(
        answerRaw((socket, head) => {
          heads.push(head);
          if (heads.length === 1) socket.write(OK);
          else socket.end();
        }),
      );
      const { result, resends } = await second(server, {});
      expect(failed(result)).toMatchObject({ sent: true, failure: { class: 'reset' } });
      expect([resends, heads.length]).toEqual([1, 3]);
    });

    test('is not sent again on a new connection that is closed', async () => {
      let heads = 0;
      const server = await bench.closing(answerRaw((socket) => void (heads++, socket.end())));
      const session = await bench.session();
      const result = await session.exchange(get(server.origin)).done;
      expect(failed(result).failure.code).toBe('CLOSED_EARLY');
      expect(heads).toBe(1);
    });

    test.each(['H', 'HTTP/1.1 200 OK\r\n', `${OK.slice(0, -2)}x: y\r\n`])(
      'is not sent again once its response has begun: %j',
      async (begins) => {
        const server = await closingServer(bench, 'end', begins);
        const { result, resends } = await second(server, {});
        expect([failed(result).failure.class, resends, server.heads.length]).toEqual(['reset', 0, 2]);
      },
    );

    test('keeps to its time-out, which counts from the call', async () => {
      const heads: string[] = [];
      const server = await bench.closing(
        answerRaw((socket, head) => {
          heads.push(head);
          if (heads.length === 1) socket.write(OK);
          else if (heads.length === 2) setTimeout(() => socket.end(), 150);
        }),
      );
      const { result } = await second(server, { timeouts: { wholeMs: 300 } });
      const { failure, timing } = failed(result);
      expect([failure.code, heads.length]).toEqual(['TIMEOUT_WHOLE', 3]);
      expect(timing.endedAtMs - timing.startedAtMs).toBeLessThan(430);
    });
  });
}
