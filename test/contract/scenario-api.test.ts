import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { makePage, PAGE } from '../../scripts/dist/docs/scenario-api/page.js';

test('docs/reference/scenario-api.md matches the docstrings (npm run docs writes it)', async () => {
  const { text } = await makePage();
  expect(await readFile(PAGE, 'utf8')).toBe(text);
});

test('every name that drumline exports, and each of its members, has a docstring', async () => {
  const { missing } = await makePage();
  expect(missing).toEqual([]);
});
