import { describe, expect, test } from '@jest/globals';
import { serveRaw } from '../support/servers.js';
import { clientBench } from './bench.js';

describe('timeouts', () => {
  const bench = clientBench();

  test.each([
    ['timeout', 'timeout after 80ms'],
    ['firstByteTimeout', 'timeout waiting for the response after 80ms'],
  ] as const)('%s of the settings, and of the request in its place', async (name, failure) => {
    const { http, samples, server } = await bench.serving(() => {}, { [name]: '80ms' });
    expect(await http.get('/')).toMatchObject({ status: 0, failure });
    const longer = await http.get('/', { [name]: 120 });
    expect(longer.failure).toBe(failure.replace('80ms', '120ms'));
    expect(samples.map((sample) => [sample.outcome, sample.failure])).toEqual([
      ['failed', failure],
      ['failed', failure.replace('80ms', '120ms')],
    ]);
    expect(samples[0]!.durationUs).toBeGreaterThanOrEqual(80_000);
    expect(samples[1]!.durationUs).toBeGreaterThanOrEqual(120_000);
    expect(samples[0]!.bytesSent).toBeGreaterThan(0);
    await server.drained();
  });

  test('connectTimeout covers the TLS handshake', async () => {
    const silent = await bench.closing(serveRaw(() => {}));
    const { http, samples } = await bench.client(`https://127.0.0.1:${silent.port}`, {
      connectTimeout: '80ms',
    });
    expect((await http.get('/')).failure).toBe('connect timeout after 80ms');
    expect((await http.get('/', { connectTimeout: '40ms' })).failure).toBe('connect timeout after 40ms');
    expect((await http.get('/', { connectTimeout: 0, timeout: '50ms' })).failure).toBe('timeout after 50ms');
    expect(samples[0]).toMatchObject({ bytesSent: 0, bytesReceived: 0 });
    expect(samples[0]!.durationUs).toBeGreaterThanOrEqual(80_000);
  });

  test('firstByteTimeout excludes the body, and bodyTimeout excludes the head', async () => {
    const { http } = await bench.serving(({ url }, reply) => {
      reply.writeHead(200).write('some');
      if (url === '/late') setTimeout(() => reply.end('more'), 150);
    });
    expect((await http.get('/late', { firstByteTimeout: '100ms' })).text()).toBe('somemore');
    expect((await http.get('/never', { timeout: '100ms' })).failure).toBe('timeout after 100ms');
  });

  test('0 means no limit', async () => {
    const { http } = await bench.serving((_, reply) => setTimeout(() => reply.end('late'), 120), {
      timeout: '60ms',
      firstByteTimeout: '60ms',
    });
    expect((await http.get('/', { timeout: 0, firstByteTimeout: 0 })).text()).toBe('late');
  });

  test('the wait for a free connection of the user counts', async () => {
    const { http, server } = await bench.serving(() => {}, { connectionsPerUser: 1 });
    const first = http.get('/first', { timeout: '150ms' });
    const second = await http.get('/second', { timeout: '60ms' });
    expect(second.failure).toBe('timeout after 60ms');
    expect((await first).failure).toBe('timeout after 150ms');
    expect(server.requests).toBe(1);
  });

  test('a limit that is not a duration is rejected', async () => {
    const { http, samples } = await bench.serving((_, reply) => reply.end());
    await expect(http.get('/', { connectTimeout: 'soon' as never })).rejects.toThrow(
      "'soon' is not a duration",
    );
    await expect(http.get('/', { firstByteTimeout: -1 })).rejects.toThrow('-1 is not a duration');
    expect(samples).toEqual([]);
    await expect(bench.client('http://127.0.0.1', { timeout: 'soon' as never })).rejects.toThrow(
      "'soon' is not a duration",
    );
  });
});
