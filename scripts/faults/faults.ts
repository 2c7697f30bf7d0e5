// Runs all tests of test/fault, including the long ones. Prints the table of their outcomes and
// writes it to docs/faults.md.
// npm run faults, or with options of Jest: npm run faults -- -t 'SIGSTOP'
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeMachine } from '../bench/support.js';
import { captionOf, type JestResults } from './caption.js';
import type { FaultRow } from './row.js';
import { replaceMarked } from '../docs/marked-part.js';
import { markdownTable } from './table.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const DOCS = join(ROOT, 'docs/faults.md');

const folder = await mkdtemp(join(tmpdir(), 'drumline-faults-'));
const file = join(folder, 'rows.jsonl');
const outcome = join(folder, 'jest.json');
const [startedMs, loadBefore] = [Date.now(), loadavg()[0]!];
const jest = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings',
    'node_modules/jest/bin/jest.js',
    'test/fault',
    '--json',
    `--outputFile=${outcome}`,
    ...process.argv.slice(2),
  ],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, DRUMLINE_LONG: '1', FAULTS_FILE: file } },
);
const [code] = (await once(jest, 'close')) as [number | null];
const text = await readFile(file, 'utf8');
const results = JSON.parse(await readFile(outcome, 'utf8')) as JestResults;
await rm(folder, { recursive: true });
const rows = text
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as FaultRow);
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
const caption = captionOf(results, {
  commit,
  machine: describeMachine(),
  tookMs: Date.now() - startedMs,
  load: [loadBefore, loadavg()[0]!],
});
const table = `${markdownTable(rows)}\n\n${caption}`;
console.log(`\n${table}`);
await writeFile(DOCS, replaceMarked(await readFile(DOCS, 'utf8'), 'npm run faults', table));
process.exitCode = code ?? 1;
