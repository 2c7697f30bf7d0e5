import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { tapLine } from '@drumline/wire/tap';
import { AREA, HEADER, SLOT_FIELDS } from '../shm/layout.js';

const root = new URL('../../../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

describe('the JSON Schema of a tap', () => {
  test('is up to date: run `node scripts/dist/docs/schemas.js` after a change', () => {
    const { $schema, ...schema } = JSON.parse(read('docs/schema/tap-1.json')) as Record<string, unknown>;
    expect($schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema).toEqual(JSON.parse(JSON.stringify(tapLine)));
  });

  test('has each of its fields explained in the reference', () => {
    const pages = ['docs/reference/taps.md', 'docs/reference/result.md', 'docs/reference/control-api.md'];
    const words = new Set(pages.flatMap((page) => [...(read(page).match(/\w+/g) ?? [])]));
    const fields = fieldsOf(JSON.parse(JSON.stringify(tapLine)));
    expect(fields.filter((field) => !words.has(field))).toEqual([]);
  });
});

test('the reference has each field of the shared memory, at its offset', () => {
  const page = read('docs/reference/taps.md');
  const rows = [...page.matchAll(/^\| +(\d+) \| (\w+) +\| `(\w+)`/gm)].map(([, ...parts]) => parts.join(' '));
  const slots = SLOT_FIELDS.map(({ name, type }, index) => `${8 + 8 * index} ${type} ${name}`);
  expect(rows).toEqual(expect.arrayContaining(slots));
  const others = [...Object.entries(HEADER), ...Object.entries(AREA)].map(([name, at]) => `${at} ${name}`);
  const places = rows.map((row) => row.replace(/ (u64|text) /, ' '));
  expect(places).toEqual(expect.arrayContaining(others));
});

function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return [...new Set([...own, ...Object.values(schema).flatMap(fieldsOf)])];
}
