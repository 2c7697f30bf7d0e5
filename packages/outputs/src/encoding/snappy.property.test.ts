import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { snappyBlock } from './snappy.js';
import { snappyDecompress } from '../../../../test/support/snappy.js';

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
      expect(snappyDecompress(snappyBlock(input)).equals(input)).toBe(true);
    }),
  );
});

test('repeated text is compressed', () => {
  const text = Buffer.from(
    Array.from({ length: 2_000 }, (_, at) => `name="/items/${at}",method="GET"`).join(),
  );
  expect(snappyBlock(text).length).toBeLessThan(text.length / 3);
});
