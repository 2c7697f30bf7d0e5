import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { renderCliDocs } from '../../test/cli-docs.js';

const PAGE = fileURLToPath(new URL('../../../../docs/reference/cli.md', import.meta.url));

test('docs/reference/cli.md matches the commands (UPDATE_DOCS=1 regenerates it)', async () => {
  const docs = await renderCliDocs(PAGE);
  if (process.env['UPDATE_DOCS']) await writeFile(PAGE, docs);
  expect(await readFile(PAGE, 'utf8')).toBe(docs);
});
