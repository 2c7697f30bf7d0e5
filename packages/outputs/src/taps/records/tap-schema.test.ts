import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { tapLine } from '@drumline/wire/tap';

const root = new URL('../../../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

describe('the JSON Schema of a tap', () => {
  test('is up to date: run `node scripts/dist/docs/schemas.js` after a change', () => {
    const text = read('docs/schema/tap-1.json');
    const { $schema, ...schema } = JSON.parse(text) as Record<string, unknown>;
    expect($schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema).toEqual(JSON.parse(JSON.stringify(tapLine)));
  });
});
