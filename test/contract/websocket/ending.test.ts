import { describe, expect, test } from '@jest/globals';
import { InterruptedError, isCountedFailure } from '@drumline/drivers';
import type { WebSocket } from 'ws';
import { until, wait } from '../support/closing.js';
import { serveRaw } from '../support/servers.js';
import { inShort, wsBench } from './bench.js';

const bench = wsBench();

describe('close', () => {
  test('performs the closing handshake with code and reason, and is counted', async () => {
    const seen: unknown[] = [];
    const { ws, samples, server } = await bench.serving((socket) =>
      socket.on('close', (code, reason) => seen.push(code, reason.toString())),
    );
    const feed = await ws.connect('/feed');
    await feed.close(4001, 'bye');
    await until(() => seen.length > 0);
    expect(seen).toEqual([4001, 'bye']);
    expect(feed).toMatchObject({ closed: true, closeCode: 4001 });
    await feed.close();
    expect(samples.map(inShort)).toEqual(['CONNECT /feed passed', 'CLOSE /feed passed']);
    expect(samples.map(({ status }) => status)).toEqual([101, 4001]);
    await server.drained();
  });

  test('with an invalid code is an error of the scenario and has no effect', async () => {
    const { ws, samples } = await bench.serving(() => {});
    const feed = await ws.connect('/');
    await expect(feed.close(999)).rejects.toThrow(TypeError);
    expect([feed.closed, samples.length]).toEqual([false, 1]);
  });

  test('fails if the server does not answer, and still closes the connection', async () => {
    const { ws, samples, server, late } = await bench.unruly(() => {});
    const feed = await ws.connect('/');
    await expect(feed.close(1000, '', { timeout: '50ms' })).rejects.toThrow(
      'CLOSE /: no closing handshake within 50ms',
    );
    await server.drained();
    expect(samples.map(inShort)).toEqual([
      'CONNECT / passed',
      'CLOSE / failed: no closing handshake within 50ms',
    ]);
    expect([feed.closeCode, late]).toEqual([1006, []]);
  });
});

describe('a connection that ends', () => {
  test.each<[string, (socket: WebSocket) => void, number]>([
    ['is lost', (socket) => socket.terminate(), 1006],
    ['is closed for an error', (socket) => socket.close(1011, 'oops'), 1011],
    ['is closed cleanly', (socket) => socket.close(1000), 1000],
  ])('during a wait fails the wait: it %s', async (_, end, code) => {
    const { ws, samples, late } = await bench.serving((socket) => socket.on('message', () => end(socket)));
    const feed = await ws.connect('/');
    const ended = await Promise.allSettled([feed.expect(), feed.request('now')]);
    for (const { reason } of ended as PromiseRejectedResult[]) expect(isCountedFailure(reason)).toBe(true);
    expect(samples.slice(1).map(inShort)).toEqual([
      `EXPECT / failed: connection closed (${code})`,
      `REQUEST / failed: connection closed (${code})`,
    ]);
    expect([late, feed.closeCode]).toEqual([[], code]);
    const status = code === 1006 ? undefined : code;
    expect(samples.map((sample) => sample.status)).toEqual([101, status, status]);
  });

  test.each<[string, (socket: WebSocket) => void, string[]]>([
    ['if it is lost', (socket) => socket.terminate(), ['CONNECT /feed: connection closed (1006)']],
    ['by an error', (socket) => socket.close(1011), ['CONNECT /feed: connection closed (1011)']],
    ['but not by a clean close', (socket) => socket.close(1001), []],
    ['nor by a code of the application', (socket) => socket.close(4000), []],
  ])('without a wait marks its CONNECT as failed, %s', async (_, end, expected) => {
    const { ws, samples, late } = await bench.serving((socket) => socket.on('message', () => end(socket)));
    const feed = await ws.connect('/feed');
    feed.send('now');
    for await (const message of feed) expect(message).toBeUndefined();
    expect(late).toEqual(expected);
    expect(samples.map(inShort)).toEqual(['CONNECT /feed passed']);
  });

  test('rejects further calls, which throw and are not counted', async () => {
    const { ws, samples, messages } = await bench.serving((socket) => {
      socket.send('last words');
      socket.close(1000);
    });
    const feed = await ws.connect('/feed');
    await until(() => feed.closeCode !== undefined);
    const message = '/feed: connection closed (1000); check `closed` and connect again';
    expect(() => feed.send('x')).toThrow(message);
    for (const call of [feed.request('x'), feed.ping(), feed.expect(() => false)]) {
      const error = await call.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ message });
      expect(isCountedFailure(error)).toBe(false);
    }
    expect((await feed.expect()).text()).toBe('last words');
    expect(samples.map(inShort)).toEqual(['CONNECT /feed passed', 'EXPECT /feed passed']);
    expect(messages).toEqual({ sent: 0, received: 1 });
  });

  test.each([
    ['garbage', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['a reserved opcode', Buffer.from([0x83, 0x00])],
    ['a masked frame', Buffer.from([0x81, 0x81, 0, 0, 0, 0, 65])],
    ['text that is not UTF-8', Buffer.from([0x81, 0x02, 0xc3, 0x28])],
  ])('because the server sends %s fails the pending waits', async (_, bytes) => {
    const { ws, samples, server } = await bench.unruly((socket) =>
      socket.once('data', () => socket.write(bytes)),
    );
    const feed = await ws.connect('/');
    await expect(feed.request('go')).rejects.toThrow(/^REQUEST \/: malformed message: /);
    await server.drained();
    expect(samples.map(({ outcome }) => outcome)).toEqual(['passed', 'failed']);
  });
});

describe('interruption', () => {
  test('is recorded for every pending wait, and nothing more is sent', async () => {
    const { ws, samples, server, late, messages } = await bench.serving(() => {}, { autoPong: false });
    const feed = await ws.connect('/');
    const ended = Promise.allSettled([
      feed.expect(),
      feed.request('x'),
      feed.ping(),
      feed[Symbol.asyncIterator]().next(),
    ]);
    ws.interrupt();
    for (const { reason } of (await ended) as PromiseRejectedResult[]) {
      expect(reason).toBeInstanceOf(InterruptedError);
    }
    expect(samples.slice(1).map(inShort)).toEqual([
      'EXPECT / interrupted',
      'REQUEST / interrupted',
      'PING / interrupted',
    ]);
    expect(() => feed.send('more')).toThrow(InterruptedError);
    for (const call of [feed.expect(), feed.request('x'), feed.ping(), feed.close(), ws.connect('/')]) {
      await expect(call).rejects.toThrow(InterruptedError);
    }
    await ws.close();
    await server.drained();
    expect([samples.length, late, messages.sent, server.connections]).toEqual([4, [], 1, 1]);
  });

  test('also rejects calls on connections that had ended before', async () => {
    const { ws, samples } = await bench.serving((socket) => socket.close());
    const feed = await ws.connect('/');
    await until(() => feed.closeCode !== undefined);
    ws.interrupt();
    expect(() => feed.send('x')).toThrow(InterruptedError);
    await expect(feed.request('x')).rejects.toThrow(InterruptedError);
    expect(samples).toHaveLength(1);
  });

  test('of a handshake is recorded only if the target has seen it', async () => {
    const silent = await bench.closing(serveRaw(() => {}));
    const { ws, samples } = await bench.client(silent.origin);
    // Only the first connection loads the library. The second call dials at once.
    const first = ws.connect('/seen').catch((thrown: unknown) => thrown);
    await until(() => silent.sockets.some((socket) => socket.bytesRead > 0));
    const second = ws.connect('/unseen').catch((thrown: unknown) => thrown);
    ws.interrupt();
    expect(await first).toBeInstanceOf(InterruptedError);
    expect(await second).toBeInstanceOf(InterruptedError);
    expect(samples.map(inShort)).toEqual(['CONNECT /seen interrupted']);
    await silent.drained();
  });
});

describe('a user that ends', () => {
  test('sends a close frame on every connection, after all messages', async () => {
    const seen: string[] = [];
    const { ws, server, samples, late, another } = await bench.serving((socket) => {
      socket.on('message', (data) => seen.push((data as Buffer).toString()));
      socket.on('close', (code) => seen.push(String(code)));
    });
    const stays = another();
    const other = await stays.connect('/');
    const feed = await ws.connect('/');
    await ws.connect('/');
    feed.send('last words');
    await ws.close();
    await until(() => seen.length === 3);
    expect(seen.sort()).toEqual(['1001', '1001', 'last words']);
    expect(other.closed).toBe(false);
    await stays.close();
    await server.drained();
    expect([samples.length, late]).toEqual([3, []]);
  });

  test('does not wait forever for a server that does not answer', async () => {
    const { ws, server, late } = await bench.unruly(() => {});
    await ws.connect('/');
    await ws.close();
    await server.drained();
    expect(late).toEqual([]);
  });
});

test('every connection, message and byte that the server saw is counted, whenever users are interrupted', async () => {
  let [connections, received, sent] = [0, 0, 0];
  const { server, samples, idle, messages, another } = await bench.serving((socket) => {
    connections += 1;
    const send = (data: string | Buffer): void => {
      if (socket.readyState !== socket.OPEN) return;
      sent += 1;
      socket.send(data);
    };
    const beat = setInterval(send, 3, 'beat');
    socket.on('message', (data) => {
      received += 1;
      send(data as Buffer);
    });
    socket.on('close', () => clearInterval(beat));
  });
  for (let round = 0; round < 20; round++) {
    const ws = another();
    const feeds = await Promise.all([ws.connect('/'), ws.connect('/'), ws.connect('/')]);
    const talks = feeds.map(async (feed, id) => {
      for (;;) {
        feed.send({ beside: id });
        await feed.request({ id }, (message) => message.text() === `{"id":${id}}`);
      }
    });
    const ended = Promise.allSettled(talks);
    await wait(Math.random() * 20);
    ws.interrupt();
    await ended;
    await ws.close();
  }
  await server.drained();
  const counted = (method: string): number => samples.filter(({ series }) => series.method === method).length;
  expect([counted('CONNECT'), connections]).toEqual([60, 60]);
  expect(messages).toEqual({ sent: received, received: sent });
  expect(messages.sent).toBe(2 * counted('REQUEST'));
  expect(samples.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  expect(samples.filter(({ outcome }) => outcome === 'interrupted')).toHaveLength(60);
  const total = (key: 'bytesSent' | 'bytesReceived'): number =>
    samples.reduce((sum, sample) => sum + sample[key], 0);
  const atServer = (key: 'bytesRead' | 'bytesWritten'): number =>
    server.sockets.reduce((sum, socket) => sum + socket[key], 0);
  expect(total('bytesSent') + idle.sent).toBe(atServer('bytesRead'));
  expect(total('bytesReceived') + idle.received).toBe(atServer('bytesWritten'));
});
