import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { feed, intervalsOf } from '../testing.js';
import { packets } from './metric-lines.js';
import { statsd } from './index.js';

let receiver: Socket;
let received: Buffer[];
beforeEach(async () => {
  received = [];
  receiver = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
  receiver.on('message', (packet) => received.push(packet));
  receiver.bind(0, '127.0.0.1');
  await once(receiver, 'listening');
});
afterEach(() => void receiver.close());

/** The lines that a run sends. The last one is a marker. */
async function linesOf(options: Readonly<Record<string, string>>, seed = 5): Promise<string[]> {
  const { port } = receiver.address() as AddressInfo;
  const output = await statsd.create({ name: 'statsd', url: `127.0.0.1:${port}`, options });
  await feed(output, intervalsOf(seed));
  await output.close();
  const sender = createSocket('udp4');
  sender.send('end', port, '127.0.0.1');
  while (received.at(-1)?.toString() !== 'end') await once(receiver, 'message');
  sender.close();
  return received.slice(0, -1).flatMap((packet) => packet.toString().split('\n'));
}

test('every line follows the grammar, in packets that fit', async () => {
  const lines = await linesOf({});
  for (const line of lines) expect(line).toMatch(/^drumline(?:\.[\w-]+)+:-?\d+(?:\.\d+)?\|[cg]$/);
  for (const packet of received) expect(packet.length).toBeLessThanOrEqual(1_432);
  expect(lines.length).toBeGreaterThan(received.length * 3);
});

test('tags follow each metric as in DogStatsD', async () => {
  const lines = await linesOf({ tags: 'datadog', prefix: 'load.' });
  for (const line of lines)
    expect(line).toMatch(/^load(?:\.\w+)+:-?[\d.]+\|[cg]\|#run:[\w-]+,scenario:[^|#\n]+$/);
  const requests = lines.filter((line) => line.startsWith('load.request.count:'));
  const sum = requests.reduce((all, line) => all + Number(/:(\d+)/.exec(line)![1]), 0);
  expect(sum).toBe(intervalsOf(5).sums.totals.requests);
  expect(requests.find((line) => line.includes('name:/q?x="1"'))).toContain('protocol:http,method:GET');
});

test('timers stand for all response times by their sample rates', async () => {
  const lines = await linesOf({ timers: '7' });
  const timers = lines.filter((line) => line.includes('|ms'));
  const counted = timers.reduce((all, line) => all + 1 / Number(/@([\d.]+)/.exec(line)?.[1] ?? 1), 0);
  const { series } = intervalsOf(5).sums;
  const timed = series.reduce((all, { requests, interrupted }) => all + requests - interrupted, 0);
  expect(counted).toBeCloseTo(timed, 3);
});

test('a line that is longer than a packet is sent alone', () => {
  const long = 'x'.repeat(100);
  expect(packets(['a:1|c', 'b:2|c', long, 'c:3|c'], 64).map(String)).toEqual(['a:1|c\nb:2|c', long, 'c:3|c']);
  expect(packets([], 64)).toEqual([]);
});

test('all problems of a specification are told at once', () => {
  const create = () =>
    statsd.create({ name: 'statsd', url: 'a:b:c', options: { tag: 'datadog', timers: '-1' } });
  expect(create).toThrow(/HOST:PORT[^]*timers[^]*did you mean tags/);
});
