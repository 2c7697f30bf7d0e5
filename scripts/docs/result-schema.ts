/**
 * Writes docs/schema/result-1.json, the JSON Schema of a result. Run it after the result changes.
 */
import { runResult } from '@drumline/wire';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const path = fileURLToPath(new URL('../../../docs/schema/result-1.json', import.meta.url));
const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...runResult };
const style = await resolveConfig(path);

await writeFile(path, await format(JSON.stringify(schema), { ...style, parser: 'json' }));
console.log('wrote docs/schema/result-1.json');
