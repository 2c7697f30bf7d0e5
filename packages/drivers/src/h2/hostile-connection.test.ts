import { describe, expect, test } from '@jest/globals';
import { until } from '../../../../test/contract/support/closing.js';
import { H2Bench } from '../../../../test/contract/support/h2-client.js';
import {
  begin,
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  GOAWAY,
  HEADERS,
  meet,
  OK,
  ok,
  PADDED,
  PING,
  PRIORITY,
  PUSH_PROMISE,
  RST_STREAM,
  settings,
  SETTINGS,
  WINDOW_UPDATE,
} from '../../../../test/contract/support/h2-hostile.js';
import { rawFrame, serveFrames, type FramePeer } from '../../../../test/contract/support/h2-peers.js';
import { ErrorCode, type ErrorName } from './errors.js';

const bench = new H2Bench();

function repeat(times: number, frame: Buffer): Buffer[] {
  return Array.from({ length: times }, () => frame);
}

async function goAwayOf(peer: FramePeer): Promise<{ code: number; detail: string }> {
  await until(() => peer.of(GOAWAY).length > 0, 'GOAWAY');
  const { payload } = peer.of(GOAWAY)[0]!;
  return { code: payload.readUInt32BE(4), detail: payload.toString('latin1', 8) };
}

describe('faults that end the connection', () => {
  test.each<[string, ErrorName, readonly Buffer[]]>([
    ['a push', 'PROTOCOL_ERROR', [rawFrame(PUSH_PROMISE, END_HEADERS, 1, `00000002${OK}`)]],
    ['a frame larger than we take', 'FRAME_SIZE_ERROR', [rawFrame(DATA, 0, 1, Buffer.alloc(16_385))]],
    ['HEADERS on stream 0', 'PROTOCOL_ERROR', [begin(0)]],
    ['HEADERS on a stream of the server’s', 'PROTOCOL_ERROR', [begin(2)]],
    ['HEADERS on a stream that is not open yet', 'PROTOCOL_ERROR', [begin(5)]],
    ['HEADERS too short for their priority', 'FRAME_SIZE_ERROR', [rawFrame(HEADERS, 0x24, 1, '0000')]],
    ['HEADERS with more padding than bytes', 'PROTOCOL_ERROR', [rawFrame(HEADERS, 0xc, 1, '0288')]],
    ['DATA on stream 0', 'PROTOCOL_ERROR', [rawFrame(DATA, 0, 0, '00')]],
    ['DATA on a stream that is not open yet', 'PROTOCOL_ERROR', [rawFrame(DATA, 0, 5, '00')]],
    ['DATA with more padding than bytes', 'PROTOCOL_ERROR', [begin(1), rawFrame(DATA, PADDED, 1, '0300')]],
    ['DATA with padding but no length of it', 'FRAME_SIZE_ERROR', [begin(1), rawFrame(DATA, PADDED, 1, '')]],
    ['CONTINUATION of nothing', 'PROTOCOL_ERROR', [rawFrame(CONTINUATION, END_HEADERS, 1, OK)]],
    [
      'another frame inside a header block',
      'PROTOCOL_ERROR',
      [rawFrame(HEADERS, 0, 1, ''), rawFrame(PING, 0, 0, '00'.repeat(8))],
    ],
    [
      'an unknown frame inside a header block',
      'PROTOCOL_ERROR',
      [rawFrame(HEADERS, 0, 1, ''), rawFrame(77, 0, 1, '')],
    ],
    [
      'CONTINUATION of another stream',
      'PROTOCOL_ERROR',
      [rawFrame(HEADERS, 0, 1, ''), rawFrame(CONTINUATION, END_HEADERS, 3, OK)],
    ],
    ['SETTINGS on a stream', 'PROTOCOL_ERROR', [rawFrame(SETTINGS, 0, 1, '')]],
    ['SETTINGS cut off', 'FRAME_SIZE_ERROR', [rawFrame(SETTINGS, 0, 0, '0003 0000')]],
    ['an acknowledgement with settings', 'FRAME_SIZE_ERROR', [rawFrame(SETTINGS, 1, 0, '000300000001')]],
    ['a server that wants to be pushed to', 'PROTOCOL_ERROR', [settings(2, 1)]],
    ['a first window above 2^31-1', 'FLOW_CONTROL_ERROR', [settings(4, 2 ** 31)]],
    ['a frame size below 2^14', 'PROTOCOL_ERROR', [settings(5, 16_383)]],
    ['a frame size above 2^24-1', 'PROTOCOL_ERROR', [settings(5, 2 ** 24)]],
    ['a ping of seven bytes', 'FRAME_SIZE_ERROR', [rawFrame(PING, 0, 0, '00'.repeat(7))]],
    ['a ping on a stream', 'PROTOCOL_ERROR', [rawFrame(PING, 0, 1, '00'.repeat(8))]],
    ['GOAWAY of seven bytes', 'FRAME_SIZE_ERROR', [rawFrame(GOAWAY, 0, 0, '00'.repeat(7))]],
    ['GOAWAY on a stream', 'PROTOCOL_ERROR', [rawFrame(GOAWAY, 0, 1, '00'.repeat(8))]],
    ['RST_STREAM of three bytes', 'FRAME_SIZE_ERROR', [rawFrame(RST_STREAM, 0, 1, '000000')]],
    ['RST_STREAM on stream 0', 'PROTOCOL_ERROR', [rawFrame(RST_STREAM, 0, 0, '00000000')]],
    [
      'RST_STREAM of a stream that is not open yet',
      'PROTOCOL_ERROR',
      [rawFrame(RST_STREAM, 0, 5, '00000000')],
    ],
    ['WINDOW_UPDATE of three bytes', 'FRAME_SIZE_ERROR', [rawFrame(WINDOW_UPDATE, 0, 0, '000001')]],
    ['WINDOW_UPDATE of nothing', 'PROTOCOL_ERROR', [rawFrame(WINDOW_UPDATE, 0, 0, '00000000')]],
    ['WINDOW_UPDATE beyond 2^31-1', 'FLOW_CONTROL_ERROR', [rawFrame(WINDOW_UPDATE, 0, 0, '7fffffff')]],
    [
      'WINDOW_UPDATE of a stream that is not open yet',
      'PROTOCOL_ERROR',
      [rawFrame(WINDOW_UPDATE, 0, 5, '00000001')],
    ],
    [
      'settings that widen an open window beyond 2^31-1',
      'FLOW_CONTROL_ERROR',
      [rawFrame(WINDOW_UPDATE, 0, 1, '7fff0000'), settings(4, 70_000)],
    ],
    ['an unknown index', 'COMPRESSION_ERROR', [begin(1, 'be')]],
    ['a broken Huffman code', 'COMPRESSION_ERROR', [begin(1, '88 0001 61 81ff')]],
    ['a header block cut off', 'COMPRESSION_ERROR', [begin(1, '88 0001 61 05')]],
    [
      'a header table after ours was heard of',
      'COMPRESSION_ERROR',
      [rawFrame(SETTINGS, 1, 0, ''), begin(1, '3f0188')],
    ],
    [
      'a header block without end',
      'ENHANCE_YOUR_CALM',
      [
        rawFrame(HEADERS, 0, 1, OK),
        ...Array.from({ length: 17 }, () => rawFrame(CONTINUATION, 0, 1, Buffer.alloc(16_000))),
      ],
    ],
    [
      'a header block of too many frames',
      'ENHANCE_YOUR_CALM',
      [rawFrame(HEADERS, 0, 1, ''), ...Array.from({ length: 100 }, () => rawFrame(CONTINUATION, 0, 1, ''))],
    ],
  ])('%s', async (_, code, frames) => {
    const { client, peer, calls } = await meet(bench);
    peer.send(...frames);
    const goAway = await goAwayOf(peer);
    expect(goAway.code).toBe(ErrorCode[code]);
    for (const call of calls) {
      expect(await call.ended).toEqual({
        kind: 'failed',
        failure: { class: 'protocol', code: `H2_${code}`, message: `malformed response: ${goAway.detail}` },
      });
    }
    await client.closed;
    expect(client.told).toEqual(['retired', 'closed']);
    expect(client.connection.room).toBe(0);
  });

  test.each<[string, Buffer]>([
    ['that speaks HTTP/1.1', Buffer.from('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n')],
    ['that begins with another frame', rawFrame(PING, 0, 0, '00'.repeat(8))],
    ['that begins with an acknowledgement', rawFrame(SETTINGS, 1, 0, '')],
  ])('a server %s', async (_, greeting) => {
    const server = await bench.closing(serveFrames(() => {}, greeting));
    const call = (await bench.connect(server.port)).request();
    expect(await call.ended).toMatchObject({
      kind: 'failed',
      failure: { message: 'malformed response: it does not begin with SETTINGS' },
    });
  });
});

describe('floods', () => {
  test.each<[string, Buffer]>([
    ['pings', rawFrame(PING, 0, 0, '00'.repeat(8))],
    ['acknowledgements of pings that were never sent', rawFrame(PING, 1, 0, '00'.repeat(8))],
    ['settings', settings(3, 7)],
    ['acknowledgements of settings', rawFrame(SETTINGS, 1, 0, '')],
    ['empty pieces of a body', rawFrame(DATA, 0, 1, '')],
    ['interim responses', begin(3, '08 03 313030')],
    ['window updates', rawFrame(WINDOW_UPDATE, 0, 0, '00000001')],
    ['priorities', rawFrame(PRIORITY, 0, 1, '0000000000')],
    ['frames that nobody knows', rawFrame(99, 0, 1, '')],
    ['frames of a stream that is over', begin(1)],
    ['resets of a stream that is over', rawFrame(RST_STREAM, 0, 1, '00000008')],
  ])('%s', async (what, frame) => {
    const { peer, calls } = await meet(bench);
    peer.send(what.includes('over') ? ok(1) : begin(1));
    peer.send(...Array.from({ length: 10_001 }, () => frame));
    expect((await goAwayOf(peer)).code).toBe(ErrorCode.ENHANCE_YOUR_CALM);
    expect(await calls[1].ended).toMatchObject({ failure: { code: 'H2_ENHANCE_YOUR_CALM' } });
  });

  test('useful frames in between prevent a flood error', async () => {
    const { client, peer, calls } = await meet(bench);
    const ping = rawFrame(PING, 0, 0, '00'.repeat(8));
    peer.send(begin(1));
    for (let i = 0; i < 10; i++) {
      peer.send(...Array.from({ length: 3_000 }, () => ping), rawFrame(DATA, 0, 1, '00'));
    }
    peer.send(rawFrame(DATA, END_STREAM, 1, ''));
    expect(await calls[0].ended).toEqual({ kind: 'complete' });
    await until(() => peer.of(PING).length === 30_000);
    expect(client.told).toEqual([]);
  });

  test.each<[string, number, (id: number) => Buffer[]]>([
    ['data, as much as the window allows', 1, (id) => repeat(65_535, rawFrame(DATA, 0, id, '00'))],
    [
      'heads, window updates and resets',
      2_000,
      (id) => [
        begin(id),
        ...repeat(6, rawFrame(WINDOW_UPDATE, 0, id, '00000001')),
        rawFrame(RST_STREAM, 0, id, '00000008'),
      ],
    ],
  ])('do not include frames sent before the server knew of our reset: %s', async (_, streams, late) => {
    const server = await bench.closing(serveFrames(() => {}));
    const client = await bench.connect(server.port, { streamWindowBytes: 65_535 });
    const calls = Array.from({ length: streams }, () => client.request());
    await until(() => server.peers[0]?.of(HEADERS).length === streams);
    for (const { stream } of calls) stream.reset(ErrorCode.CANCEL);
    for (const { stream } of calls) server.peers[0]!.send(...late(stream.id));
    const next = client.request();
    await until(() => server.peers[0]!.of(HEADERS).length === streams + 1);
    server.peers[0]!.send(ok(next.stream.id));
    expect(await next.ended).toEqual({ kind: 'complete' });
    expect(client.told).toEqual([]);
  });

  test.each<[string, Buffer]>([
    ['data beyond the window', rawFrame(DATA, 0, 1, '00')],
    ['empty data', rawFrame(DATA, 0, 1, '')],
    ['heads', begin(1)],
  ])('more of a stream that we reset than was allowed before: %s', async (_, frame) => {
    const server = await bench.closing(serveFrames(() => {}));
    const client = await bench.connect(server.port, { streamWindowBytes: 1_000 });
    const call = client.request();
    await until(() => server.peers[0]?.of(HEADERS).length === 1);
    call.stream.reset(ErrorCode.CANCEL);
    const peer = server.peers[0]!;
    peer.send(...repeat(11_010, frame));
    expect((await goAwayOf(peer)).code).toBe(ErrorCode.ENHANCE_YOUR_CALM);
  });

  test('a server that does not read our answers is dropped before they accumulate', async () => {
    const { client, peer } = await meet(bench);
    peer.socket.pause();
    peer.send(begin(1));
    const ping = Buffer.concat(Array.from({ length: 3_000 }, () => rawFrame(PING, 0, 0, '00'.repeat(8))));
    const more = setInterval(() => peer.send(ping, rawFrame(DATA, 0, 1, '00')), 1);
    await client.closed;
    clearInterval(more);
    expect(client.told).toEqual(['retired', 'closed']);
  });
});
