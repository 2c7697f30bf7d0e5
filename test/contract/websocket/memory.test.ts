import { describe, expect, test } from '@jest/globals';
import { until } from '../support/closing.js';
import { inShort, wsBench } from './bench.js';

const LIMIT = 10_000;
const REASON = 'a message is larger than 10.0 kB (http.maxBodyBytes)';

describe('memory of messages', () => {
  const bench = wsBench();

  test.each([
    ['in one frame', {}, {}],
    ['compressed', { perMessageDeflate: true }, { compress: true }],
  ])('a message beyond the limit ends the connection: %s', async (_, serverOptions, options) => {
    const { ws, samples } = await bench.serving(
      (socket) => socket.on('message', () => socket.send(Buffer.alloc(100_000))),
      serverOptions,
      { maxBodyBytes: LIMIT },
    );
    const feed = await ws.connect('/', options);
    await expect(feed.request('more')).rejects.toThrow(`REQUEST /: ${REASON}`);
    expect(samples.map(inShort)).toEqual(['CONNECT / passed', `REQUEST / failed: ${REASON}`]);
    const roomy = await ws.connect('/', { ...options, maxBodyBytes: 0 });
    expect((await roomy.request('more')).bytes()).toHaveLength(100_000);
  });

  test('a fragmented message beyond the limit fails its connection without a wait', async () => {
    const { ws, late } = await bench.serving(
      (socket) => {
        for (let i = 0; i < 20; i++) socket.send(Buffer.alloc(1_000), { fin: false });
      },
      {},
      { maxBodyBytes: LIMIT },
    );
    await ws.connect('/');
    await until(() => late.length > 0);
    expect(late).toEqual([`CONNECT /: ${REASON}`]);
  });

  test('unread messages are kept up to the limit, the latest ones', async () => {
    const { ws, messages } = await bench.serving(
      (socket) => {
        for (let i = 0; i < 100; i++) socket.send(Buffer.alloc(1_000, i));
      },
      {},
      { maxBodyBytes: LIMIT },
    );
    const feed = await ws.connect('/');
    await until(() => messages.received === 100);
    expect(feed.dropped).toBe(90);
    for (let i = 90; i < 100; i++) expect((await feed.expect()).bytes()[0]).toBe(i);
  });

  test('a limit that is not a number of bytes is an error of the scenario', async () => {
    const { ws, samples } = await bench.serving(() => {});
    await expect(ws.connect('/', { maxBodyBytes: -1 })).rejects.toThrow(
      new RangeError('maxBodyBytes must be a whole number of bytes, or 0 for no limit, not -1'),
    );
    expect(samples).toEqual([]);
  });
});
