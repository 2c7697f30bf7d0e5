import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { TableFile } from '../../runtime/tables/table-file.js';
import { buildTables } from './build-tables.js';

const directory = mkdtempSync(join(tmpdir(), 'drumline-test-'));
process.env['DRUMLINE_CACHE_DIR'] = join(directory, 'cache');
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let files = 0;

async function rowsOf(kind: 'csv' | 'lines' | 'ndjson', text: string | Uint8Array): Promise<unknown[]> {
  const path = `./${(files += 1)}.txt`;
  writeFileSync(join(directory, path), text);
  const { tables, problems } = await buildTables(
    [{ ordinal: 0, source: { kind, path }, options: {} }],
    directory,
    1,
  );
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join());
  const file = new TableFile(tables[0]!, {});
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
