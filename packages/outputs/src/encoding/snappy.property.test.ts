import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { snappyBlock } from './snappy.js';

test('what is decompressed equals the input', () => {
  const parts = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .record({ byte: fc.nat(255), times: fc.nat(3_000) })
        .map(({ byte, times }) => Buffer.alloc(times, byte)),
      fc.nat(5_000).map((times) => Buffer.from('requests_total{method="GET"} '.repeat(times))),
    ),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(parts, (chunks) => {
      const input = Buffer.concat(chunks);
      expect(decompress(snappyBlock(input)).equals(input)).toBe(true);
    }),
  );
});

test('repeated text is compressed', () => {
  const text = Buffer.from(
    Array.from({ length: 2_000 }, (_, at) => `name="/items/${at}",method="GET"`).join(),
  );
  expect(snappyBlock(text).length).toBeLessThan(text.length / 3);
});

/** Reads literals and copies with offsets of two bytes. */
function decompress(bytes: Buffer): Buffer {
  let at = 0;
  let [length, unit] = [0, 1];
  for (let byte = 0x80; byte > 0x7f; unit *= 0x80) {
    byte = bytes[at++]!;
    length += (byte & 0x7f) * unit;
  }
  const output = Buffer.alloc(length);
  let end = 0;
  while (at < bytes.length) {
    const tag = bytes[at++]!;
    const size = (tag >> 2) + 1;
    if ((tag & 3) === 0) {
      const more = Math.max(0, size - 60);
      const literal = more === 0 ? size : bytes.readUIntLE(at, more) + 1;
      at += more;
      end += bytes.copy(output, end, at, at + literal);
      at += literal;
      continue;
    }
    if ((tag & 3) !== 2) throw new Error(`tag ${tag}`);
    const offset = bytes.readUInt16LE(at);
    at += 2;
    if (offset === 0 || offset > end) throw new Error(`offset ${offset} at ${end}`);
    for (let i = 0; i < size; i++, end++) output[end] = output[end - offset]!;
  }
  expect(end).toBe(length);
  return output;
}
