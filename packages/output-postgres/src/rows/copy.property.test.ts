import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { copyText } from './copy.js';
import { cleanJson, cleanText } from './text.js';

/** Reads the text format of COPY. */
function readCopy(text: string): (string | null)[][] {
  const unescaped: Record<string, string> = { t: '\t', n: '\n', r: '\r', '\\': '\\' };
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) =>
      line
        .split('\t')
        .map((field) =>
          field === String.raw`\N`
            ? null
            : field.replaceAll(/\\(.)/g, (_, escaped: string) => unescaped[escaped]!),
        ),
    );
}

const anyText = fc.string({ unit: 'binary' });

test('COPY returns the rows that were encoded', () => {
  const value = fc.oneof(anyText, fc.constant(null), fc.integer(), fc.boolean());
  fc.assert(
    fc.property(fc.array(fc.array(value, { minLength: 3, maxLength: 3 })), (rows) => {
      const expected = rows.map((row) =>
        row.map((one) => (one === null ? null : typeof one === 'string' ? cleanText(one) : String(one))),
      );
      expect(readCopy(copyText(rows))).toEqual(expected);
    }),
  );
});

test('bytes and JSON are encoded as the database reads them', () => {
  expect(copyText([[new Uint8Array([0, 92, 255]), { a: 'x\ty' }]])).toBe('\\\\x005cff\t{"a":"x\\\\ty"}\n');
});

test('text and JSON have neither NUL nor half a surrogate pair, and are the same otherwise', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const clean = cleanText(text);
      expect(clean).not.toMatch(/\0|[\ud800-\udbff](?![\udc00-\udfff])/);
      expect(JSON.parse(cleanJson({ [text]: [text] }))).toEqual({ [clean]: [clean] });
    }),
  );
  expect(cleanText('a\ud800b')).toBe('a\ufffdb');
  expect(JSON.parse(cleanJson(String.raw`\u0000 \ud800`))).toBe(String.raw`\u0000 \ud800`);
  expect(JSON.parse(cleanJson('\ud800\\\0'))).toBe('\ufffd\\\ufffd');
});
