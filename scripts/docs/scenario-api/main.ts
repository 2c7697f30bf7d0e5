/** Writes docs/reference/scenario-api.md. */
import { writeFile } from 'node:fs/promises';
import { makePage, PAGE } from './page.js';

const { text, missing } = await makePage();
await writeFile(PAGE, text);
console.log('wrote docs/reference/scenario-api.md');
for (const name of missing) console.log(`no docstring: ${name}`);
