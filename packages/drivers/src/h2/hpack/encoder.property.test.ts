import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HpackDecoder } from './decoder.js';
import { encodeField } from './encoder.js';
import { huffmanBytes, huffmanDecode, huffmanEncode } from './huffman.js';

const latin1 = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)),
  maxLength: 400,
  size: 'max',
});
const name = fc.oneof(
  latin1,
  fc.constantFrom('cookie', 'authorization', ':path', 'accept-encoding', ':method'),
);
const value = fc.oneof(latin1, fc.constantFrom('GET', '/', 'gzip, deflate', ''));

test('Huffman coding round-trips and has the predicted length', () => {
  fc.assert(
    fc.property(latin1, (text) => {
      const coded = Buffer.from(huffmanEncode(text), 'latin1');
      expect(coded.length).toBe(huffmanBytes(text));
      expect(huffmanDecode(coded, 0, coded.length)).toBe(text);
    }),
  );
});

test('blocks built from headers decode to them, whatever the table', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 20 }), fc.boolean(), (fields, stateless) => {
      const decoder = new HpackDecoder(1024 * 1024);
      if (stateless) decoder.limit(0);
      const block = Buffer.from(fields.map(([n, v]) => encodeField(n, v)).join(''), 'latin1');
      for (let i = 0; i < 2; i++) expect(decoder.decode(block, 0, block.length)).toEqual(fields.flat());
    }),
  );
});

test('arbitrary bytes decode or are rejected as broken', () => {
  const decoder = new HpackDecoder(1024);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        decoder.decode(Buffer.from(bytes), 0, bytes.length);
      } catch (error) {
        expect(error).toMatchObject({ code: 'COMPRESSION_ERROR' });
      }
    }),
    { numRuns: 2000 },
  );
});

test('secrets are never indexed', () => {
  expect(encodeField('authorization', 'a').charCodeAt(0) & 0xf0).toBe(0x10);
  expect(encodeField('cookie', 'a').charCodeAt(0) & 0xf0).toBe(0x10);
  expect(encodeField('accept', 'a').charCodeAt(0) & 0xf0).toBe(0x00);
});
