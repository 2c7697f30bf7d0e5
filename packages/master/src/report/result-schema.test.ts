import { describe, expect, test } from '@jest/globals';
import { runResult } from '@drumline/wire';
import { readFile } from 'node:fs/promises';

const docs = new URL('../../../../docs/', import.meta.url);

describe('the JSON Schema of a result', () => {
  test('is up to date: run `node scripts/dist/docs/schemas.js` after a change', async () => {
    const written = JSON.parse(await readFile(new URL('schema/result-1.json', docs), 'utf8')) as object;
    const { $schema, ...schema } = { $schema: undefined, ...written };
    expect($schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema).toEqual(JSON.parse(JSON.stringify(runResult)));
  });

  test('has each of its fields explained in docs/reference/result.md', async () => {
    const page = await readFile(new URL('reference/result.md', docs), 'utf8');
    const words = new Set(page.match(/\w+/g));
    expect(fieldsOf(JSON.parse(JSON.stringify(runResult))).filter((field) => !words.has(field))).toEqual([]);
  });
});

function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return [...new Set([...own, ...Object.values(schema).flatMap(fieldsOf)])];
}
