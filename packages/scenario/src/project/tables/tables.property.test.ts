import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { TableOptions } from '../../runtime/tables/declarations.js';
import { TableFile } from '../../runtime/tables/table-file.js';
import { buildTables } from './build-tables.js';

const directory = mkdtempSync(join(tmpdir(), 'drumline-test-'));
process.env['DRUMLINE_CACHE_DIR'] = join(directory, 'cache');
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let files = 0;

async function rowsOf(
  kind: 'csv' | 'lines' | 'ndjson',
  text: string | Uint8Array,
  options: TableOptions = {},
): Promise<unknown[]> {
  const path = `./${(files += 1)}.txt`;
  writeFileSync(join(directory, path), text);
  const { tables, problems } = await buildTables(
    [{ ordinal: 0, source: { kind, path }, options }],
    directory,
    1,
  );
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join());
  const file = new TableFile(tables[0]!, options);
  try {
    // Backwards, so that no block is read in the order of the file.
    return Array.from({ length: tables[0]!.rows }, (_, row) => row)
      .toReversed()
      .map((row) => file.read(row))
      .toReversed();
  } finally {
    file.close();
  }
}

const field = fc
  .string({ unit: fc.constantFrom('a', 'ü', '😀', ' ', ',', '"', '\n', '\r\n', ';', '0'), maxLength: 6 })
  // A line break at the end of a field without quotes would be another row.
  .filter((text) => text !== '');

test('rows of a CSV file are those that a parser of the whole file finds', async () => {
  const rows = fc.array(fc.array(field, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 200 });
  const lineBreak = fc.constantFrom('\n', '\r\n');
  await fc.assert(
    fc.asyncProperty(rows, lineBreak, fc.boolean(), fc.boolean(), async (all, end, hasMark, isOpen) => {
      const written = [['a', 'b', 'c'], ...all]
        .map((row) =>
          row.map((text) => (/[,"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(','),
        )
        .join(end);
      const text = `${hasMark ? '\uFEFF' : ''}${written}${isOpen ? '' : end}`;
      const expected = parse(text, { columns: true, bom: true }) as unknown[];
      expect(await rowsOf('csv', text)).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

test('rows of lines and of JSON lines are those of the file, without empty lines', async () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'ü', '😀', ' ', '"'), maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 300 }), async (lines) => {
      const full = lines.filter((text) => text !== '');
      fc.pre(full.length > 0);
      expect(await rowsOf('lines', lines.join('\n'))).toEqual(full);
      const json = lines.map((text) => JSON.stringify({ text })).join('\r\n\n');
      expect(await rowsOf('ndjson', json)).toEqual(lines.map((text) => ({ text })));
    }),
    { numRuns: 40 },
  );
});

test('rows larger than a chunk of the scanner are read', async () => {
  const long = 'x'.repeat(2_500_000);
  const rows = await rowsOf('csv', `a,b\n1,"${long}\n"\n2,${long}\n3,"${long}"`);
  expect(rows).toEqual([
    { a: '1', b: `${long}\n` },
    { a: '2', b: long },
    { a: '3', b: long },
  ]);
});

test.each([
  ['a,b\n1,2\n3\n', /^line 3: has 1 field, but there are 2 columns \(a, b\)/],
  ['a,b\n1,2\n\n"x\ny",2,3\n', /^line 4: has 3 fields/],
  ['a,b\n"1\n2",3\n4,"5\n', /^line 4: has a quote that is never closed/],
  ['a,b\n"1"2,3\n', /^line 2: has text after a closing quote/],
  ['a,b\n1,2"3\n', /^line 2: has a quote inside a field without quotes/],
  ['a,,c\n1,2,3\n', /^line 1: column 2 has no name/],
  ['a,a\n1,2\n', /^line 1: two columns have the name 'a'/],
  ['a,b\n', /^has no rows after the names of its columns/],
  ['', /^has no rows/],
  [Buffer.from('a,b\n1,2\n3,\xff\n', 'latin1'), /^line 3: is not UTF-8/],
  [Buffer.from('a,b\n1,2\n', 'utf16le'), /^is not UTF-8 text: it contains zero bytes/],
])('the file %j has its problem and line named', async (text, expected) => {
  await expect(rowsOf('csv', text)).rejects.toThrow(expected);
});

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const TEXT = 'a,b\n1,Zoë 😀\n2,"ß\nü"\n';
const ROWS = [
  { a: '1', b: 'Zoë 😀' },
  { a: '2', b: 'ß\nü' },
];

test.each<[string, Uint8Array, string | undefined]>([
  ['UTF-8', Buffer.from(TEXT), undefined],
  ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${TEXT}`), 'utf8'],
  ['UTF-16 with a byte order mark', utf16(`\uFEFF${TEXT}`), undefined],
  ['UTF-16, big endian', Buffer.from(utf16(`\uFEFF${TEXT}`)).swap16(), undefined],
  ['UTF-16 that is declared', utf16(TEXT), 'utf16le'],
  ['UTF-16 that is declared and has a byte order mark', utf16(`\uFEFF${TEXT}`), 'utf16le'],
])('a file in %s has the same rows, also compressed and with CRLF', async (_, bytes, encoding) => {
  const options = encoding === undefined ? {} : { encoding };
  expect(await rowsOf('csv', bytes, options)).toEqual(ROWS);
  expect(await rowsOf('csv', gzipSync(bytes), options)).toEqual(ROWS);
});

test('a compressed file of several members and chunks has all rows', async () => {
  const line = (row: number): string => `${row},${'ü'.repeat(row % 97)}`;
  const rows = Array.from({ length: 60_000 }, (_, row) => line(row));
  const half = gzipSync(`id,text\r\n${rows.slice(0, 30_000).join('\r\n')}\r\n`);
  const rest = gzipSync(rows.slice(30_000).join('\r\n'));
  const read = (await rowsOf('csv', Buffer.concat([half, rest]))) as { id: string; text: string }[];
  expect(read.map(({ id, text }) => `${id},${text}`)).toEqual(rows);
});

test('latin1 is decoded where it is declared', async () => {
  expect(await rowsOf('lines', Buffer.from('Zo\xeb\n\xdf\n', 'latin1'), { encoding: 'latin1' })).toEqual([
    'Zoë',
    'ß',
  ]);
});

test.each<[string, Uint8Array | string, TableOptions, RegExp]>([
  ['not compressed', 'a\n1\n', {}, /^ok$/],
  ['truncated', gzipSync('a\n1\n2\n').subarray(0, -9), {}, /^cannot be decompressed: unexpected end of file/],
  [
    'damaged at its end',
    damaged(gzipSync('a\n1\n2\n'), -6),
    {},
    /^cannot be decompressed: incorrect data check/,
  ],
  [
    'damaged in its head',
    damaged(gzipSync('a\n1\n2\n'), 2),
    {},
    /^cannot be decompressed: unknown compression/,
  ],
  ['a spreadsheet', Buffer.from('PK\x03\x04 and more'), {}, /^is a ZIP archive or a spreadsheet/],
  ['UTF-8 as UTF-16', 'a,b\n1,2\n', { encoding: 'utf16le' }, /^is UTF-8, not UTF-16/],
  ['UTF-8 as latin1', '\uFEFFa,b\n1,2\n', { encoding: 'latin1' }, /^is UTF-8, as its byte order mark says/],
  [
    'half a character',
    utf16('a,b\n1,2\n').subarray(0, -1),
    { encoding: 'utf16le' },
    /^line 2: is not UTF-16LE/,
  ],
  ['half a pair', utf16('a,b\n1,2\n3,\ud83d\n'), { encoding: 'utf16le' }, /^line 3: is not UTF-16LE/],
  ['line breaks of CR', 'a,b\r1,2\r', {}, /^has line breaks of a single CR/],
  ['a misspelt option', 'a,b\n1,2\n', { delimeter: ';' } as TableOptions, /^there is no option 'delimeter'/],
  ['a number', 'a,b\n\n1,"x\ny"\n\nz,2\n', { columns: { a: Number } }, /^line 6: a: 'z' is not a number/],
])('a file that is %s has that named', async (_, bytes, options, expected) => {
  const message = await rowsOf('csv', bytes, options).then(
    () => 'ok',
    (error: unknown) => (error as Error).message,
  );
  expect(message).toMatch(expected);
});

test('a line that is not JSON is named', async () => {
  await expect(rowsOf('ndjson', '{"a":1}\n\n{"a":2}\n{a:3}\n')).rejects.toThrow(/^line 4: is not JSON: /);
});

function damaged(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at < 0 ? copy.length + at : at]! ^= 0x55;
  return copy;
}
