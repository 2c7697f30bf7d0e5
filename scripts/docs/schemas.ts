/**
 * Writes the JSON Schemas of a result and of the records of a tap into docs/schema. Run it after
 * the result or a record changes.
 */
import { runResult } from '@drumline/wire';
import { tapLine } from '@drumline/wire/tap';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const FILES = {
  'docs/schema/result-1.json': runResult,
  'docs/schema/tap-1.json': tapLine,
};

for (const [name, type] of Object.entries(FILES)) {
  const path = fileURLToPath(new URL(`../../../${name}`, import.meta.url));
  const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...type };
  const style = await resolveConfig(path);
  await writeFile(path, await format(JSON.stringify(schema), { ...style, parser: 'json' }));
  console.log(`wrote ${name}`);
}
