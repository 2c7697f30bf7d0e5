import { describe, expect, test } from '@jest/globals';
import { wait } from '../support/closing.js';
import { answerRaw } from '../support/servers.js';
import { clientBench } from './bench.js';

const bench = clientBench();
const CLOSES_AFTER_MS = 150;

/**
 * A server that closes each connection at its second request, without an answer.
 */
async function closingServer() {
  const answered = new WeakSet<object>();
  return bench.closing(
    answerRaw((socket, head) => {
      if (answered.has(socket)) {
        setTimeout(() => socket.end(), CLOSES_AFTER_MS);
        return;
      }
      answered.add(socket);
      const body = head.split(' ')[1]!;
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    }),
  );
}

describe.each(['native', 'undici'] as const)('resent requests (%s)', (engine) => {
  test('count once, are timed from the call, and have a separate count of resends', async () => {
    const server = await closingServer();
    const { http, samples, resends } = await bench.client(server.origin, { engine });
    await http.get('/1');
    await wait(40);
    const calledAtMs = performance.now();
    const response = await http.get('/2', { name: 'two' });
    expect([response.status, response.text()]).toEqual([200, '/2']);
    expect(samples.map(({ series, outcome }) => [series.name, outcome])).toEqual([
      ['/1', 'passed'],
      ['two', 'passed'],
    ]);
    const [{ endedAtMs, durationUs, opened }] = samples.slice(1) as [(typeof samples)[number]];
    expect(endedAtMs - durationUs / 1_000 - calledAtMs).toBeLessThan(CLOSES_AFTER_MS / 2);
    expect(opened?.length).toBe(1);
    expect(resends.map(([{ name }]) => name)).toEqual(['two']);
    expect(resends[0]![1]).toBe(samples[1]!.bytesSent);
  });

  test('count if they are interrupted before the resend', async () => {
    const server = await closingServer();
    const { http, samples, resends } = await bench.client(server.origin, { engine });
    await http.get('/1');
    await wait(40);
    await server.close();
    const response = await http.get('/2');
    expect(response.status).toBe(0);
    expect(samples.map(({ outcome }) => outcome)).toEqual(['passed', 'failed']);
    expect(resends.length).toBeLessThanOrEqual(1);
  });

  test('do not include POST, whose failure names the remedy', async () => {
    const server = await closingServer();
    const { http, samples, resends } = await bench.client(server.origin, { engine });
    await http.get('/1');
    await wait(40);
    const { failure } = await http.post('/2', { json: {} });
    expect(failure).toBe('idle connection closed by the server as the request was sent');
    expect([samples.length, resends.length]).toEqual([2, 0]);
    expect((await http.post('/2', { json: {}, headers: { 'Idempotency-Key': '1' } })).status).toBe(200);
  });
});
