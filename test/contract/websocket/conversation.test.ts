import { describe, expect, test } from '@jest/globals';
import { isCountedFailure, type WsConnection } from '@drumline/drivers';
import type { WebSocket } from 'ws';
import { until, wait } from '../support/closing.js';
import { inShort, wsBench } from './bench.js';

const bench = wsBench();
const echo = (socket: WebSocket): void =>
  void socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
/** All messages that are queued. */
async function rest(feed: WsConnection): Promise<string[]> {
  const texts: string[] = [];
  const closed = feed.close();
  for await (const message of feed) texts.push(message.text());
  await closed;
  return texts;
}

describe('messages', () => {
  test('of text, bytes and objects are sent and received', async () => {
    const { ws, messages } = await bench.serving(echo);
    const feed = await ws.connect('/');
    const text = await feed.request('grüß');
    expect([text.isBinary, text.text()]).toEqual([false, 'grüß']);
    const bytes = await feed.request(new Uint8Array([0, 255, 7]));
    expect([bytes.isBinary, [...bytes.bytes()]]).toEqual([true, [0, 255, 7]]);
    const buffer = await feed.request(new Uint8Array([1, 2]).buffer);
    expect([buffer.isBinary, [...buffer.bytes()]]).toEqual([true, [1, 2]]);
    expect((await feed.request({ op: 'get', ids: [1] })).json()).toEqual({ op: 'get', ids: [1] });
    expect((await feed.request([1, 2])).json()).toEqual([1, 2]);
    expect((await feed.request('')).text()).toBe('');
    expect(messages).toEqual({ sent: 6, received: 6 });
  });

  test('that cannot be sent or read are an error of the scenario', async () => {
    const { ws, samples, messages } = await bench.serving(echo);
    const feed = await ws.connect('/');
    expect(() => feed.send(5 as never)).toThrow('a message must be a string, bytes or an object, not 5');
    await expect(feed.request({ n: 1n })).rejects.toThrow(/cannot be written as JSON/);
    await expect(feed.ping({ timeout: 'soon' as never })).rejects.toThrow(RangeError);
    const answer = await feed.request('no json');
    expect(() => answer.json()).toThrow(/the message is not JSON \(.*; it begins "no json"\)/);
    expect(samples.map(inShort)).toEqual(['CONNECT / passed', 'REQUEST / passed']);
    expect(messages).toEqual({ sent: 1, received: 1 });
  });

  test.each([
    ['large', {}, {}],
    ['large and compressed', { perMessageDeflate: true }, { compress: true }],
  ])('that are %s arrive complete, and every byte is counted', async (_, serverOptions, options) => {
    const { ws, server, samples, idle } = await bench.serving(echo, serverOptions);
    const feed = await ws.connect('/', options);
    const text = 'all work and no play. '.repeat(100_000);
    expect((await feed.request(text, undefined, { name: 'big' })).text()).toBe(text);
    await feed.close();
    const socket = server.sockets[0]!;
    const sum = (field: 'bytesSent' | 'bytesReceived'): number =>
      samples.reduce((total, sample) => total + sample[field], 0);
    expect(sum('bytesSent') + idle.sent).toBe(socket.bytesRead);
    expect(sum('bytesReceived') + idle.received).toBe(socket.bytesWritten);
    const big = samples.find(({ series }) => series.name === 'big')!;
    if ('compress' in options) expect(big.bytesReceived).toBeLessThan(text.length / 100);
    else expect(big.bytesReceived).toBeGreaterThan(text.length);
  });

  test('in fragments are one message', async () => {
    const { ws, messages } = await bench.serving((socket) => {
      socket.send('a', { fin: false });
      socket.ping();
      socket.send('b', { fin: false });
      socket.send('c', { fin: true });
    });
    const feed = await ws.connect('/');
    expect((await feed.expect()).text()).toBe('abc');
    expect(messages).toEqual({ sent: 0, received: 1 });
  });

  test('are read in order until the connection ends; leaving the loop keeps it open', async () => {
    const { ws, samples, late } = await bench.serving((socket) => {
      for (const text of ['a', 'b', 'c']) socket.send(text);
      socket.on('message', () => {
        socket.send('d');
        socket.close(1000, 'done');
      });
    });
    const feed = await ws.connect('/');
    const seen: string[] = [];
    for await (const message of feed) {
      seen.push(message.text());
      if (seen.length === 2) break;
    }
    expect(feed.closed).toBe(false);
    feed.send('go on');
    for await (const message of feed) seen.push(message.text());
    expect(seen).toEqual(['a', 'b', 'c', 'd']);
    expect(feed).toMatchObject({ closed: true, closeCode: 1000, closeReason: 'done' });
    expect(samples.map(inShort)).toEqual(['CONNECT / passed']);
    expect(late).toEqual([]);
  });

  test('that are not read are kept up to a limit, the latest ones', async () => {
    const { ws, messages } = await bench.serving((socket) => {
      for (let n = 0; n < 10; n++) socket.send(String(n));
    });
    const feed = await ws.connect('/', { backlog: 3 });
    await until(() => messages.received === 10);
    expect(feed.dropped).toBe(7);
    expect(await rest(feed)).toEqual(['7', '8', '9']);
  });
});

describe('expect', () => {
  test('takes the matching message and leaves the others', async () => {
    const { ws, samples, messages } = await bench.serving((socket) => {
      for (const text of ['a', 'b', 'c', 'b']) socket.send(text);
    });
    const feed = await ws.connect('/');
    await until(() => messages.received === 4);
    const answer = await feed.expect((message) => message.text() === 'b', { name: 'b' });
    expect(answer.text()).toBe('b');
    expect(samples[1]).toMatchObject({ series: { method: 'EXPECT', name: 'b' }, durationUs: 0 });
    expect((await feed.expect()).text()).toBe('a');
    expect(await rest(feed)).toEqual(['c', 'b']);
  });

  test('gives each message to one caller, in the order of the calls', async () => {
    const { ws } = await bench.serving(echo);
    const feed = await ws.connect('/');
    const waiting = [
      feed.expect((message) => message.text() > '5'),
      feed.expect(),
      feed.expect((message) => message.text() > '5'),
    ];
    for (const text of ['1', '6', '7']) feed.send(text);
    expect((await Promise.all(waiting)).map((answer) => answer.text())).toEqual(['6', '1', '7']);
  });

  test('fails if no message matches in time, and keeps a late message', async () => {
    const { ws, samples, messages } = await bench.serving((socket) => {
      socket.send('other');
      socket.on('message', (data) => socket.send(data));
    });
    const feed = await ws.connect('/feed');
    const error = await feed
      .expect((message) => message.text() === 'late', { timeout: '100ms' })
      .catch((thrown: unknown) => thrown);
    expect(isCountedFailure(error)).toBe(true);
    expect(error).toMatchObject({ message: 'EXPECT /feed: no matching message within 100ms' });
    expect(samples.at(-1)).toMatchObject({
      outcome: 'failed',
      failure: 'no matching message within 100ms',
      series: { method: 'EXPECT' },
    });
    feed.send('late');
    await until(() => messages.received === 2);
    expect(await rest(feed)).toEqual(['other', 'late']);
  });

  test('skips messages for which its test throws', async () => {
    const { ws } = await bench.serving((socket) => {
      socket.send('beat');
      socket.send('{"type":"ready"}');
    });
    const feed = await ws.connect('/');
    const answer = await feed.expect((message) => message.json<{ type: string }>().type === 'ready');
    expect(answer.text()).toBe('{"type":"ready"}');
  });

  test('reports the error of a test that always throws', async () => {
    const { ws, samples } = await bench.serving((socket) => socket.send('{}'));
    const feed = await ws.connect('/');
    const mistaken = feed.expect((message) => message.json<{ a: { b: 1 } }>().a.b === 1, { timeout: 50 });
    await expect(mistaken).rejects.toThrow(TypeError);
    expect(samples.at(-1)!.failure).toBe('no matching message within 50ms');
  });

  test('can be marked as failed because of the message, once', async () => {
    const { ws, late } = await bench.serving((socket) => socket.send('{"error":"sold out"}'));
    const feed = await ws.connect('/feed');
    const answer = await feed.expect();
    answer.fail('sold out');
    answer.fail('again');
    expect(late).toEqual(['EXPECT /feed: sold out']);
  });
});

describe('request', () => {
  test('takes only later messages, and is timed from sending', async () => {
    const { ws, samples, messages } = await bench.serving((socket) => {
      socket.send('stale');
      socket.on('message', (data) => setTimeout(() => socket.send(data), 50));
    });
    const feed = await ws.connect('/');
    await until(() => messages.received === 1);
    const answer = await feed.request('fresh', () => true, { name: 'ask' });
    expect(answer.text()).toBe('fresh');
    const { durationUs, series, bytesSent, bytesReceived } = samples.at(-1)!;
    expect(series).toMatchObject({ method: 'REQUEST', name: 'ask' });
    expect(durationUs).toBeGreaterThan(45_000);
    expect(answer.durationMs).toBeCloseTo(durationUs / 1_000, 2);
    // A masked frame and an unmasked one around five bytes (RFC 6455, 5.2).
    expect([bytesSent, bytesReceived]).toEqual([11, 7]);
    expect(await rest(feed)).toEqual(['stale']);
  });

  test('concurrent requests receive their own answers', async () => {
    const { ws, samples } = await bench.serving((socket) =>
      socket.on('message', (data) => setTimeout(() => socket.send(data), Math.random() * 20)),
    );
    const feed = await ws.connect('/');
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, id) =>
        feed.request({ id }, (message) => message.json<{ id: number }>().id === id),
      ),
    );
    expect(answers.map((answer) => answer.json<{ id: number }>().id)).toEqual([...Array(50).keys()]);
    expect(samples.filter(({ outcome }) => outcome === 'passed')).toHaveLength(51);
  });
});

describe('ping', () => {
  test('measures the round trip', async () => {
    const { ws, samples } = await bench.serving(
      (socket) => socket.on('ping', (data) => setTimeout(() => socket.pong(data), 30)),
      { autoPong: false },
    );
    const feed = await ws.connect('/');
    const [first, second] = await Promise.all([feed.ping(), feed.ping({ name: 'beat' })]);
    expect(Math.min(first, second)).toBeGreaterThan(28);
    expect(samples.slice(1).map(inShort)).toEqual(['PING / passed', 'PING beat passed']);
    expect(samples[1]!.durationUs / 1_000).toBeCloseTo(first, 2);
  });

  test('fails without a pong', async () => {
    const { ws, samples } = await bench.serving((socket) => socket.pong('unasked'), { autoPong: false });
    const feed = await ws.connect('/');
    await expect(feed.ping({ timeout: 50 })).rejects.toThrow('PING /: no pong within 50ms');
    await wait(1);
    expect(samples.map(inShort)).toEqual(['CONNECT / passed', 'PING / failed: no pong within 50ms']);
  });
});
