import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { WireReader } from './wire-reader.js';

const { root } = protobuf.parse(
  `syntax = "proto3";
message Node {
  string text = 1;
  repeated string texts = 2;
  int64 number = 3;
  repeated int64 numbers = 4;
  repeated uint64 naturals = 5;
  map<uint64, string> names = 6;
  repeated Node nodes = 7;
}`,
  new protobuf.Root(),
);
const Node = root.resolveAll().lookupType('Node');

/** Short and long, ASCII and not. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme-ascii' }),
  fc.string({ unit: 'grapheme' }),
  fc
    .tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.integer({ min: 1, max: 300 }))
    .map(([unit, times]) => unit.repeat(times)),
);
const number = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => ({
  low: Number(BigInt.asIntN(32, value)),
  high: Number(BigInt.asIntN(32, value >> 32n)),
  unsigned: false,
}));
const { node } = fc.letrec<{ node: Record<string, unknown> }>((tie) => ({
  node: fc.record(
    {
      text,
      texts: fc.array(text, { maxLength: 4 }),
      number,
      numbers: fc.array(number),
      naturals: fc.array(fc.nat()),
      names: fc.dictionary(fc.nat().map(String), text),
      nodes: fc.oneof(
        { maxDepth: 2, withCrossShrink: true },
        fc.constant([]),
        fc.array(tie('node'), { maxLength: 3 }),
      ),
    },
    { requiredKeys: [] },
  ),
}));

test('a message is decoded as by protobufjs', () => {
  fc.assert(
    fc.property(node, (message) => {
      const bytes = Node.encode(message).finish() as Buffer;
      expect(Node.decode(new WireReader(bytes))).toEqual(Node.decode(bytes));
    }),
  );
});

test('changed or truncated bytes give the same result or error as with protobufjs', () => {
  const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(
      node,
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.option(fc.nat()),
      (message, changes, cut) => {
        const bytes = Buffer.from(Node.encode(message).finish());
        for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
        const rest = cut === null ? bytes : bytes.subarray(0, cut % (bytes.length + 1));
        expect(verdict(new WireReader(rest))).toEqual(verdict(new protobuf.BufferReader(rest)));
      },
    ),
    { numRuns: 300 },
  );
});

function verdict(reader: protobuf.Reader): unknown {
  try {
    return Node.decode(reader);
  } catch {
    return 'refused';
  }
}
