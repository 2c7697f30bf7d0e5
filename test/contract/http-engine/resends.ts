import type { EngineRequest } from '@drumline/drivers';
import { describe, expect, test } from '@jest/globals';
import { wait } from '../support/closing.js';
import { answerRaw, type TestServer } from '../support/servers.js';
import { engineBench, failed, get, response, type Bench, type MakeEngine } from './bench.js';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
const BODY = new TextEncoder().encode('a body');
/** Longer than the pause after which a connection counts as idle. */
const REST_MS = 40;

type End = 'end' | 'destroy' | 'resetAndDestroy';

/**
 * A server that reads the second request of each connection, sends `begins` and closes.
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
  describe('a request on a kept connection that the server closes', () => {
    const bench = engineBench(makeEngine);

    /**
     * Sends a second request on a connection after a pause, and returns the number of resends as
     * well.
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
    test.each(ENDS)('is resent on a new connection (%s)', async (end) => {
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
      ['PUT with a repeatable body', true, { method: 'PUT', body: { ...repeatable, repeatable: true } }],
      ['PUT with a body that is generated once', false, { method: 'PUT', body: repeatable }],
      ['POST', false, { method: 'POST', body: BODY }],
      ['PATCH', false, { method: 'PATCH', body: BODY }],
      ['POST with Idempotency-Key', true, key('Idempotency-Key')],
      ['POST with X-Idempotency-Key', true, key('x-idempotency-key')],
    ])('%s is resent: %s', async (_, again, request) => {
      const server = await closingServer(bench, 'end');
      const { result, resends } = await second(server, request);
      expect(resends).toBe(again ? 1 : 0);
      expect(server.heads.length).toBe(again ? 3 : 2);
      if (again) expect(response(result).status).toBe(200);
      else expect(failed(result)).toMatchObject({ sent: true, failure: { code: 'CLOSED_WHILE_IDLE' } });
    });

    test('is resent without a pause as well', async () => {
      const server = await closingServer(bench, 'end');
      const { result, resends } = await second(server, {}, 0);
      expect([response(result).status, resends]).toEqual([200, 1]);
    });

    test('is resent at most once', async () => {
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

    test('is not resent if a new connection is closed', async () => {
      let heads = 0;
      const server = await bench.closing(answerRaw((socket) => void (heads++, socket.end())));
      const session = await bench.session();
      const result = await session.exchange(get(server.origin)).done;
      expect(failed(result).failure.code).toBe('CLOSED_EARLY');
      expect(heads).toBe(1);
    });

    test.each(['H', 'HTTP/1.1 200 OK\r\n', `${OK.slice(0, -2)}x: y\r\n`])(
      'is not resent after its response has begun: %j',
      async (begins) => {
        const server = await closingServer(bench, 'end', begins);
        const { result, resends } = await second(server, {});
        expect([failed(result).failure.class, resends, server.heads.length]).toEqual(['reset', 0, 2]);
      },
    );

    test('keeps its timeout, which counts from the call', async () => {
      const heads: string[] = [];
      const server = await bench.closing(
        answerRaw((socket, head) => {
          heads.push(head);
          if (heads.length === 1) socket.write(OK);
          else if (heads.length === 2) setTimeout(() => socket.end(), 1_000);
        }),
      );
      const { result } = await second(server, { timeouts: { wholeMs: 2_000 } });
      const { failure, timing } = failed(result);
      expect([failure.code, heads.length]).toEqual(['TIMEOUT_WHOLE', 3]);
      // Counted from the resend, it would end after 3,000 ms or later.
      expect(timing.endedAtMs - timing.startedAtMs).toBeLessThan(2_900);
    });
  });
}
