import { describe, expect, test } from '@jest/globals';
import { until } from '../../../../test/contract/support/closing.js';
import { H2Bench } from '../../../../test/contract/support/h2-client.js';
import {
  begin,
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  field,
  GOAWAY,
  HEADERS,
  meet,
  OK,
  ok,
  PADDED,
  PING,
  PRIORITY,
  RST_STREAM,
  settings,
  WINDOW_UPDATE,
} from '../../../../test/contract/support/h2-hostile.js';
import { rawFrame, serveFrames } from '../../../../test/contract/support/h2-peers.js';
import { ErrorCode, type ErrorName } from './errors.js';

const bench = new H2Bench();

describe('faults that end a stream', () => {
  const status = (text: string): string => `08 03 ${Buffer.from(text).toString('hex')}`;
  const long = field('x', 'v'.repeat(100));

  test.each<[string, ErrorName, readonly Buffer[], string?]>([
    ['no status', 'PROTOCOL_ERROR', [begin(1, field('a', 'b'))]],
    ['two of them', 'PROTOCOL_ERROR', [begin(1, OK + OK)]],
    ['a pseudo-header of a request', 'PROTOCOL_ERROR', [begin(1, `${OK}82`)]],
    ['a pseudo-header after others', 'PROTOCOL_ERROR', [begin(1, field('a', 'b') + OK)]],
    ['a status of letters', 'PROTOCOL_ERROR', [begin(1, status('abc'))]],
    ['a status of four digits', 'PROTOCOL_ERROR', [begin(1, '08 04 32303030')]],
    ['a status below 100', 'PROTOCOL_ERROR', [begin(1, status('099'))]],
    ['a switch of protocols', 'PROTOCOL_ERROR', [begin(1, status('101'))]],
    ['a name in upper case', 'PROTOCOL_ERROR', [begin(1, OK + field('A', 'b'))]],
    ['a name with a space', 'PROTOCOL_ERROR', [begin(1, OK + field('a b', 'c'))]],
    ['no name', 'PROTOCOL_ERROR', [begin(1, OK + field('', 'c'))]],
    ['a name with a colon', 'PROTOCOL_ERROR', [begin(1, OK + field('a:b', 'c'))]],
    ['a value with a line break', 'PROTOCOL_ERROR', [begin(1, OK + field('a', 'b\r\nc'))]],
    ['a value with a zero', 'PROTOCOL_ERROR', [begin(1, OK + field('a', 'b\0'))]],
    ['transfer-encoding', 'PROTOCOL_ERROR', [begin(1, OK + field('transfer-encoding', 'chunked'))]],
    ['connection', 'PROTOCOL_ERROR', [begin(1, OK + field('connection', 'close'))]],
    [
      'two lengths',
      'PROTOCOL_ERROR',
      [begin(1, OK + field('content-length', '1') + field('content-length', '2'))],
    ],
    ['a length that is not a number', 'PROTOCOL_ERROR', [begin(1, OK + field('content-length', '-1'))]],
    [
      'headers of more than 64 KB',
      'PROTOCOL_ERROR',
      [
        rawFrame(HEADERS, 0, 1, OK),
        ...Array.from({ length: 9 }, (_, i) =>
          rawFrame(CONTINUATION, i === 8 ? END_HEADERS : 0, 1, long.repeat(75)),
        ),
      ],
    ],
    ['a body before the headers', 'PROTOCOL_ERROR', [rawFrame(DATA, 0, 1, '00')]],
    ['an end after interim headers', 'PROTOCOL_ERROR', [rawFrame(HEADERS, 5, 1, status('103'))]],
    ['trailers that do not end the stream', 'PROTOCOL_ERROR', [begin(1), begin(1, field('a', 'b'))]],
    ['a status in the trailers', 'PROTOCOL_ERROR', [begin(1), ok(1)]],
    [
      'a body longer than announced',
      'PROTOCOL_ERROR',
      [begin(1, OK + field('content-length', '1')), rawFrame(DATA, 0, 1, '0000')],
    ],
    [
      'a body shorter than announced',
      'PROTOCOL_ERROR',
      [begin(1, OK + field('content-length', '3')), rawFrame(DATA, END_STREAM, 1, '0000')],
    ],
    [
      'a body shorter than announced, before trailers',
      'PROTOCOL_ERROR',
      [begin(1, OK + field('content-length', '3')), rawFrame(HEADERS, 5, 1, field('a', 'b'))],
    ],
    [
      'no body at all, though announced',
      'PROTOCOL_ERROR',
      [rawFrame(HEADERS, 5, 1, OK + field('content-length', '3'))],
    ],
    ['a body in answer to HEAD', 'PROTOCOL_ERROR', [begin(1), rawFrame(DATA, END_STREAM, 1, '00')], 'HEAD'],
    ['a body with status 204', 'PROTOCOL_ERROR', [begin(1, '89'), rawFrame(DATA, END_STREAM, 1, '00')]],
    ['a window that grows by nothing', 'PROTOCOL_ERROR', [rawFrame(WINDOW_UPDATE, 0, 1, '00000000')]],
    ['a window beyond 2^31-1', 'FLOW_CONTROL_ERROR', [rawFrame(WINDOW_UPDATE, 0, 1, '7fffffff')]],
  ])('%s', async (_, code, frames, method = 'GET') => {
    const { client, peer, calls } = await meet(bench, method);
    peer.send(...frames);
    expect(await calls[0].ended).toMatchObject({
      kind: 'failed',
      failure: {
        class: 'protocol',
        code: `H2_${code}`,
        message: expect.stringMatching(/^malformed response: ./),
      },
    });
    await until(() => peer.of(RST_STREAM, 1).length === 1);
    expect(peer.of(RST_STREAM)[0]!.payload.readUInt32BE()).toBe(ErrorCode[code]);
    peer.send(ok(3));
    expect(await calls[1].ended).toEqual({ kind: 'complete' });
    expect(client.told).toEqual([]);
  });

  test('more data than the window of the stream', async () => {
    const server = await bench.closing(serveFrames(() => {}));
    const client = await bench.connect(server.port, { streamWindowBytes: 1000 });
    const call = client.request();
    await until(() => server.peers[0]?.of(HEADERS).length === 1);
    server.peers[0]!.send(begin(1), rawFrame(DATA, 0, 1, Buffer.alloc(1001)));
    expect(await call.ended).toMatchObject({ failure: { code: 'H2_FLOW_CONTROL_ERROR' } });
    expect(call.body.length).toBe(0);
  });

  test('more frames after the end of the response, while the request continues', async () => {
    const server = await bench.closing(serveFrames(() => {}));
    const client = await bench.connect(server.port);
    const call = client.request({ method: 'POST', open: true });
    await until(() => server.peers[0]?.of(HEADERS).length === 1);
    const peer = server.peers[0]!;
    peer.send(ok(1), rawFrame(DATA, 0, 1, '00'));
    expect(await call.ended).toEqual({ kind: 'complete' });
    await until(() => peer.of(RST_STREAM).length === 1);
    expect(peer.of(RST_STREAM)[0]!.payload.readUInt32BE()).toBe(ErrorCode.STREAM_CLOSED);
    expect(client.connection.openStreams).toBe(0);
  });
});

test.each<[string, Buffer]>([
  ['a reset', rawFrame(RST_STREAM, 0, 1, '00000007')],
  ['a goodbye that knows nothing of it', rawFrame(GOAWAY, 0, 0, '0000000000000000')],
  ['a broken window', rawFrame(WINDOW_UPDATE, 0, 1, '00000000')],
  ['a broken connection', rawFrame(PING, 0, 0, '00')],
])('after a response that does not wait for the request, %s changes nothing', async (_, frame) => {
  const server = await bench.closing(serveFrames(() => {}));
  const client = await bench.connect(server.port);
  const call = client.request({ method: 'POST', open: true });
  await until(() => server.peers[0]?.of(HEADERS).length === 1);
  server.peers[0]!.send(ok(1), frame);
  expect(await call.ended).toEqual({ kind: 'complete' });
  await until(() => client.connection.openStreams === 0);
});

describe('input that is ignored', () => {
  test('unknown frames and settings, priorities, padding, reserved bits', async () => {
    const { peer, calls } = await meet(bench);
    peer.send(
      rawFrame(99, 0xff, 1, '00'),
      rawFrame(99, 0xff, 77, ''),
      rawFrame(PRIORITY, 0, 1, '0000000310'),
      settings(0x99, 5),
      rawFrame(HEADERS, 0x2c, 1, `02 00000003 10 ${OK} 0000`),
      rawFrame(DATA, PADDED, 0x80000001, '03 616263 000000'),
      rawFrame(DATA, PADDED | END_STREAM, 1, '00'),
    );
    expect(await calls[0].ended).toEqual({ kind: 'complete' });
    expect(calls[0].body.toString()).toBe('abc');
  });

  test('late frames of a stream that we reset; its headers still update the table', async () => {
    const { client, peer, calls } = await meet(bench);
    calls[0].stream.reset(ErrorCode.CANCEL);
    await until(() => peer.of(RST_STREAM).length === 1);
    peer.send(
      begin(1, `${OK} 4001610162`),
      rawFrame(DATA, 0, 1, '00'),
      rawFrame(WINDOW_UPDATE, 0, 1, '00000001'),
      rawFrame(RST_STREAM, 0, 1, '00000000'),
      rawFrame(HEADERS, 5, 3, `${OK}be`),
    );
    expect(await calls[1].ended).toEqual({ kind: 'complete' });
    expect(calls[1].headers!.header('a')).toBe('b');
    expect(client.told).toEqual([]);
  });

  test('data of reset streams is returned to the connection’s window', async () => {
    const { client, peer, calls } = await meet(bench);
    calls[0].stream.reset(ErrorCode.CANCEL);
    for (let i = 0; i < 10; i++) {
      peer.send(...[1, 2, 3].map(() => rawFrame(DATA, 0, 1, Buffer.alloc(16_000))));
      await until(() => peer.of(WINDOW_UPDATE, 0).length === i + 1);
    }
    expect(client.told).toEqual([]);
    peer.send(ok(3));
    expect(await calls[1].ended).toEqual({ kind: 'complete' });
  });
});
