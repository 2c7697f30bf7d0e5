import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { messageDecoder } from '../decoder.js';
import { messageEncoder } from './encoder.js';

const { root } = protobuf.parse(
  `syntax = "proto3";
package t;
enum Kind { UNSET = 0; GOOD = 1; BAD_ONE = -3; }
message Node {
  string text = 1;
  repeated int32 small_numbers = 2;
  int64 big = 3;
  repeated uint64 bigs = 4;
  Kind kind = 5;
  repeated Kind kinds = 6;
  bytes raw = 7;
  double real = 8;
  bool flag = 9;
  map<string, Node> children = 10;
  map<int64, uint32> counts = 11;
  Node next = 12;
  oneof choice { string left = 13; sint32 right = 14; }
  optional uint32 maybe = 15;
  repeated Node more = 16;
  float small = 17;
}`,
  new protobuf.Root(),
);
root.resolveAll();
const Node = root.lookupType('t.Node');
const encode = messageEncoder(Node);
const decode = messageDecoder(Node);

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const int32 = fc.integer();
const kind = fc.constantFrom(0, 1, -3);

/** As protobufjs decodes it. */
function long(type: 'fixed64' | 'sfixed64', value: bigint): object {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return protobuf.Reader.create(bytes)[type]();
}

const DEEP = { maxDepth: 3, depthIdentifier: 'node', withCrossShrink: true } as const;

/** Messages as protobufjs takes them. */
const { node } = fc.letrec<{ node: Record<string, unknown> }>((tie) => ({
  node: fc.record(
    {
      text: fc.string({ unit: 'grapheme' }),
      smallNumbers: fc.array(int32),
      big: int64.map((value) => long('sfixed64', value)),
      bigs: fc.array(uint64.map((value) => long('fixed64', value))),
      kind,
      kinds: fc.array(kind),
      raw: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      real: fc.double(),
      flag: fc.boolean(),
      children: fc.oneof(DEEP, fc.constant({}), fc.dictionary(fc.string(), tie('node'), { maxKeys: 2 })),
      counts: fc.dictionary(int64.map(String), fc.nat()),
      next: fc.oneof(DEEP, fc.constant(null), tie('node')),
      left: fc.constant(undefined),
      right: int32,
      maybe: fc.option(fc.nat()),
      more: fc.oneof(DEEP, fc.constant([]), fc.array(tie('node'), { maxLength: 2 })),
    },
    { requiredKeys: [] },
  ),
}));

describe('a message', () => {
  test('that protobufjs accepts gives the same bytes as protobufjs', () => {
    fc.assert(
      fc.property(node, (message) => {
        const bytes = Node.encode(message).finish();
        expect(Buffer.from(encode(message))).toEqual(Buffer.from(bytes));
        expect(decode(bytes)).toEqual(Node.decode(bytes));
      }),
    );
  });

  test('that was decoded can be sent back', () => {
    fc.assert(
      fc.property(node, (message) => {
        const bytes = Buffer.from(encode(message));
        expect(Buffer.from(encode(decode(bytes)))).toEqual(bytes);
      }),
    );
  });

  test('in other accepted forms (names of the file, names of enums, bigints, strings, base64) gives the same bytes', () => {
    fc.assert(
      fc.property(node, (message) => {
        expect(Buffer.from(encode(asWritten(message)))).toEqual(Buffer.from(encode(message)));
      }),
    );
  });

  test('in its JSON form gives the same bytes', () => {
    fc.assert(
      fc.property(node, (message) => {
        const bytes = Buffer.from(encode(message));
        const json = JSON.parse(JSON.stringify(decode(bytes))) as object;
        expect(Buffer.from(encode(json))).toEqual(Buffer.from(encode(Node.fromObject(json))));
      }),
    );
  });
});

const KINDS: Readonly<Record<number, string>> = { 0: 'UNSET', 1: 'GOOD', [-3]: 'BAD_ONE' };

function asWritten(message: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { smallNumbers, big, bigs, kinds, raw, children, next, more, ...rest } = message;
  const written: Record<string, unknown> = { ...rest };
  if (smallNumbers !== undefined) written['small_numbers'] = Int32Array.from(smallNumbers as number[]);
  if (big !== undefined) written['big'] = BigInt((big as { toString(): string }).toString());
  if (bigs !== undefined) written['bigs'] = (bigs as object[]).map(String);
  if (kinds !== undefined) written['kinds'] = (kinds as number[]).map((one) => KINDS[one]);
  if (raw !== undefined) written['raw'] = (raw as Buffer).toString('base64');
  const map = children as Record<string, Record<string, unknown>> | undefined;
  if (map) written['children'] = new Map(Object.entries(map).map(([key, one]) => [key, asWritten(one)]));
  if (next) written['next'] = asWritten(next as Record<string, unknown>);
  if (more) written['more'] = (more as Record<string, unknown>[]).map(asWritten);
  return written;
}

describe('an invalid message is rejected with the path of each problem', () => {
  test.each<[string, unknown, string[]]>([
    ['no object', 5, ['expected an object (t.Node), not 5']],
    ['a list', [], ['expected an object (t.Node), not []']],
    ['a date', new Date(0), ['expected an object (t.Node), not "1970-01-01T00:00:00.000Z"']],
    ['an unknown field', { txt: 'a' }, ['txt: t.Node has no such field; did you mean text?']],
    [
      'a wrong element',
      { smallNumbers: [1, 2, 3, 'x'] },
      ['smallNumbers[3]: expected a whole number from -2147483648 to 2147483647, not "x"'],
    ],
    ['a hole', { more: [{}, undefined] }, ['more[1]: expected an object (t.Node), not undefined']],
    ['no list', { bigs: 5 }, ['bigs: expected an array, not 5']],
    [
      'too large',
      { smallNumbers: [2 ** 31], maybe: -1 },
      ['smallNumbers[0]: expected a whole number from', 'maybe: expected a whole number from 0 to'],
    ],
    [
      'too large for 64 bits',
      { bigs: [2n ** 64n, -1n, 'x1'], big: 2 ** 60 },
      ['bigs[0]: ', 'bigs[1]: ', 'bigs[2]: ', 'big: '],
    ],
    [
      'an unknown name of an enum',
      { kind: 'GUT' },
      ['kind: expected one of UNSET, GOOD, BAD_ONE, not "GUT"'],
    ],
    ['bytes', { raw: 'not base64!' }, ['raw: expected a Uint8Array or a base64 string']],
    ['bytes with a lone digit', { raw: 'AAAAA' }, ['raw: expected a Uint8Array or a base64 string']],
    ['too large for 32 bits', { small: 1e39 }, ['small: expected a 32-bit number (up to 3.4e38)']],
    ['the same as a text', { small: '-1e39' }, ['small: expected a 32-bit number (up to 3.4e38)']],
    [
      'deep inside',
      { next: { children: { 'a b': { flag: 1 } } } },
      ['next.children["a b"].flag: expected true or false, not 1'],
    ],
    ['a key', { counts: { x: 1 } }, ['counts["x"]: is not a valid key of this map']],
    ['two of a oneof', { left: 'a', right: 1 }, ['only one of left, right can be set (oneof choice)']],
    [
      'a field under two names',
      { smallNumbers: [1], small_numbers: [2] },
      ['small_numbers: is set twice, under two names'],
    ],
  ])('%s', (_, message, problems) => {
    let error: unknown;
    try {
      encode(message as object);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(TypeError);
    const { message: text } = error as TypeError;
    const lines = problems.length === 1 ? [text.replace('t.Node: ', '')] : text.split('\n  ').slice(1);
    expect(lines).toEqual(problems.map((problem) => expect.stringContaining(problem)));
  });

  test('a message that contains itself', () => {
    const message: Record<string, unknown> = {};
    message['next'] = message;
    expect(() => encode(message)).toThrow(/^t\.Node: next\.next.*: messages are nested deeper than 100$/);
  });

  test('a missing required field of proto2', () => {
    const parsed = protobuf.parse(
      'syntax = "proto2"; message M { required string a = 1; }',
      new protobuf.Root(),
    );
    expect(() => messageEncoder(parsed.root.resolveAll().get('M') as protobuf.Type)({})).toThrow(
      'M: a: is required',
    );
  });
});
