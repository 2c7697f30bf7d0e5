import { describe, expect, test } from '@jest/globals';
import { Packr } from 'msgpackr';
import { MASTER_MESSAGES, WORKER_MESSAGES } from '../../../test/contract/wire-messages.js';
import {
  BadFrame,
  decodeMasterMessage,
  decodeWorkerMessage,
  encodeMessage,
  findPayloadProblem,
} from './codec.js';
import { workerMessage } from './messages/worker.js';
import { masterMessage } from './messages/master.js';

const packr = new Packr({ useRecords: false });
const { hello, heartbeat, statsReport } = WORKER_MESSAGES;
const sentRest = statsReport.rest![0]!;
const sentConnections = sentRest.connections![0]!;

/** Replaces Buffers with their bytes, so that messages can be compared. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, one) => (ArrayBuffer.isView(one) ? [...(one as Uint8Array)] : one)),
    (_, one) => (one?.type === 'Buffer' ? one.data : one),
  );
}

/** The error of decoding; undefined if it succeeds. */
function thrownBy(frame: Uint8Array): unknown {
  try {
    decodeWorkerMessage(frame);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('every message', () => {
  test('has an example here', () => {
    const typesOf = (union: { anyOf: readonly { properties: { type: { const: string } } }[] }): string[] =>
      union.anyOf.map(({ properties }) => properties.type.const);
    expect(Object.keys(WORKER_MESSAGES)).toEqual(typesOf(workerMessage));
    expect(Object.keys(MASTER_MESSAGES)).toEqual(typesOf(masterMessage));
  });

  test.each(Object.entries(WORKER_MESSAGES))('of a worker arrives as it was sent: %s', (_, message) => {
    expect(plain(decodeWorkerMessage(encodeMessage(message)))).toEqual(plain(message));
  });

  test.each(Object.entries(MASTER_MESSAGES))('of a master arrives as it was sent: %s', (_, message) => {
    expect(plain(decodeMasterMessage(encodeMessage(message)))).toEqual(plain(message));
  });

  test.each(Object.entries(WORKER_MESSAGES))('of a worker is refused by a worker: %s', (_, message) => {
    expect(() => decodeMasterMessage(encodeMessage(message))).toThrow(BadFrame);
  });

  test.each(Object.entries(MASTER_MESSAGES))('of a master is refused by a master: %s', (_, message) => {
    expect(() => decodeWorkerMessage(encodeMessage(message))).toThrow(BadFrame);
  });

  test.each(Object.entries({ ...WORKER_MESSAGES }))('needs each of its fields: %s', (kind, message) => {
    const optional = [
      'problem',
      'result',
      'stack',
      'stalledMs',
      'countsComplete',
      'foldedToSeconds',
      'findings',
      'limits',
      'rest',
      'released',
      'positions',
      'isOver',
      'isEnding',
      'use',
      'roundTripMs',
    ];
    // Only some messages are about a run in any case.
    if (['hello', 'heartbeat', 'artifactRequest'].includes(kind)) optional.push('runId');
    for (const field of Object.keys(message).filter((name) => !optional.includes(name))) {
      const { [field]: _left, ...rest } = message as Record<string, unknown>;
      expect(thrownBy(packr.pack(rest))).toBeInstanceOf(BadFrame);
    }
  });

  test.each(Object.entries(WORKER_MESSAGES))('truncated anywhere is refused: %s', (_, message) => {
    const frame = encodeMessage(message);
    const outcomes = Array.from({ length: frame.length }, (__, length) =>
      thrownBy(frame.subarray(0, length)),
    );
    expect(outcomes.every((error) => error instanceof BadFrame)).toBe(true);
  });

  test('may have unknown fields, which are kept', () => {
    const later = { ...hello, cpuModel: 'of a later version' };
    expect(decodeWorkerMessage(packr.pack(later))).toEqual(later);
  });
});

const nested = (depth: number): Buffer => Buffer.alloc(depth, 0x91);

describe('a frame that is not a message is refused as a BadFrame:', () => {
  const frames: [string, Uint8Array][] = [
    ['nothing', Buffer.alloc(0)],
    ['the byte that msgpack never uses', Buffer.of(0xc1)],
    [
      'that byte in place of a field',
      Buffer.concat([Buffer.of(0x81, 0xa4), Buffer.from('type'), Buffer.of(0xc1)]),
    ],
    ['nil', packr.pack(null)],
    ['a number', packr.pack(7)],
    ['a text', packr.pack('hello')],
    ['a list', packr.pack([hello])],
    ['an empty map', packr.pack({})],
    ['an unknown type', packr.pack({ ...hello, type: 'hullo' })],
    ['a type that is not text', packr.pack({ ...hello, type: 1 })],
    ['a type that is named like a method', packr.pack({ ...hello, type: 'toString' })],
    ['bytes after the message', Buffer.concat([encodeMessage(hello), Buffer.of(0)])],
    ['two messages', Buffer.concat([encodeMessage(hello), encodeMessage(hello)])],
    ['a text where a number belongs', packr.pack({ ...hello, pid: '4711' })],
    ['NaN', packr.pack({ ...heartbeat, cpu: Number.NaN })],
    ['infinity', packr.pack({ ...heartbeat, sentAtMs: Infinity })],
    ['a negative count', packr.pack({ ...heartbeat, epoch: -1 })],
    ['a fraction of a count', packr.pack({ ...heartbeat, epoch: 1.5 })],
    ['a report numbered 0', packr.pack({ ...statsReport, seq: 0 })],
    ['no lanes', packr.pack({ ...hello, lanes: 0 })],
    ['a million lanes', packr.pack({ ...hello, lanes: 1_000_000 })],
    ['an empty name', packr.pack({ ...hello, name: '' })],
    ['an endless name', packr.pack({ ...hello, name: 'x'.repeat(129) })],
    ['a date where a number belongs', packr.pack({ ...heartbeat, sentAtMs: new Date() })],
    [
      'a set where a list belongs',
      new Packr({ useRecords: false, moreTypes: true }).pack({ ...heartbeat, lanes: new Set() }),
    ],
    ['nesting as deep as a stack', nested(100_000)],
    ['endless nesting', nested(5_000_000)],
    ['a list longer than the frame', Buffer.of(0xdd, 0xff, 0xff, 0xff, 0xff)],
    ['a map longer than the frame', Buffer.of(0xdf, 0xff, 0xff, 0xff, 0xff)],
    ['bytes longer than the frame', Buffer.of(0xc6, 0xff, 0xff, 0xff, 0xff)],
    ['a text longer than the frame', Buffer.of(0xdb, 0xff, 0xff, 0xff, 0xff)],
    ['an unknown extension', Buffer.of(0xd4, 0x33, 0)],
    ['a frame of 17 MiB', Buffer.alloc(17 * 1024 * 1024)],
    ['a list of more values than any message has', packr.pack(Array.from({ length: 1_000_001 }, () => null))],
    ['a regular expression', Buffer.from('d4780092a178a167', 'hex')],
    ['a reference to an earlier value', Buffer.from('d67000000001', 'hex')],
    ['nesting one deeper than allowed', Buffer.concat([Buffer.alloc(101, 0x91), Buffer.of(0xc0)])],
    ['a line of HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
  ];

  test.each(frames)('%s', (_, frame) => {
    expect(thrownBy(frame)).toBeInstanceOf(BadFrame);
  });

  test('counts that are numbers of another width', () => {
    const report = { ...statsReport, counts: Float64Array.of(1, 2) };
    expect(thrownBy(new Packr({ useRecords: false, moreTypes: true }).pack(report))).toBeInstanceOf(BadFrame);
  });

  test.each([
    ['a handshake of another kind', { kind: { ...sentConnections.kind, handshake: 'half' } }],
    ['connections without a time', { tcp: undefined }],
  ])('%s', (_, connections) => {
    const rest = [{ ...sentRest, connections: [{ ...sentConnections, ...connections }] }];
    expect(thrownBy(packr.pack({ ...statsReport, rest }))).toBeInstanceOf(BadFrame);
  });

  test.each([
    ['a key without its index', ['is 200']],
    ['a negative index', [-1, 'is 200']],
    ['a series without a name', [0, { protocol: 'http', method: 'GET', user: 'a', tags: [] }]],
  ])('%s', (_, key) => {
    expect(thrownBy(packr.pack({ ...statsReport, keys: [key] }))).toBeInstanceOf(BadFrame);
  });

  test('with the type of the malformed message', () => {
    expect(thrownBy(packr.pack({ ...hello, pid: -1 }))).toMatchObject({ message: "a malformed 'hello'" });
    expect(thrownBy(packr.pack('what?'))).toMatchObject({ message: 'not a Drumline message' });
    expect(thrownBy(Buffer.of(0xd9))).toMatchObject({ message: 'truncated' });
  });
});

describe('a hostile frame', () => {
  test('cannot reach prototypes', () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      const poison = Buffer.concat([
        Buffer.of(0x82, 0xa4),
        Buffer.from('type'),
        packr.pack('goodbye'),
        packr.pack(key),
        packr.pack({ polluted: true }),
      ]);
      thrownBy(poison);
      const rest = ['reason', 'bye', 'complete', true].map((value) => packr.pack(value));
      const message = Buffer.concat([poison.fill(0x84, 0, 1), ...rest]);
      const decoded = decodeWorkerMessage(message) as unknown as Record<string, unknown>;
      expect(decoded['polluted']).toBeUndefined();
      expect(Object.getPrototypeOf(decoded)).toBe(
        Object.getPrototypeOf(decodeWorkerMessage(encodeMessage(hello))),
      );
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('cannot change how later frames are decoded', () => {
    // Defines record 64. From then on, msgpackr would decode the number 64 as this record.
    const definition = Buffer.concat([
      Buffer.of(0xd4, 0x72, 0x40),
      packr.pack(['type', 'reason']),
      packr.pack('x'),
      packr.pack('y'),
    ]);
    thrownBy(definition);
    const beat = { ...heartbeat, epoch: 64 };
    expect(decodeWorkerMessage(encodeMessage(beat))).toEqual(beat);
  });
});

describe('the result of a setup', () => {
  const circle: Record<string, unknown> = {};
  circle['again'] = circle;

  test.each([
    ['nothing', undefined],
    ['texts, dates and lists', { at: new Date(), names: ['a', undefined, null], bytes: Buffer.alloc(8) }],
  ])('can be sent: %s', (_, value) => {
    expect(findPayloadProblem(value)).toBeUndefined();
  });

  test.each([
    [
      '17 MiB',
      'x'.repeat(17 * 1024 * 1024),
      /^it takes 17\.0 MiB, but the limit is 15\.9 MiB\. Return less data, .* file beside/,
    ],
    ['a circle', circle, /^it has a circular reference or is nested too deeply$/],
    ['an endless number', 10n ** 40n, /too large/],
    [
      'a million values',
      Array.from({ length: 1_000_000 }, () => 0),
      /^it holds more than \d+ values\. Return less data, .* file beside/,
    ],
  ])('cannot be sent, with the reason: %s', (_, value, why) => {
    expect(findPayloadProblem(value)).toMatch(why);
  });
});
