// Start-up time and memory of a lane with a CSV file of 1 GB. Goals: 2 s a GB, 100 MB.
// Then the cost of `take`. Without rows, only that.
// npm run bench:data [-- MILLIONS OF ROWS]
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describeMachine } from './support.js';
import { measureTakes } from './take.js';

const ROWS = Number(process.argv[2] ?? 10) * 1e6;
const BIN = fileURLToPath(new URL('../../../packages/drumline/bin/drumline.js', import.meta.url));

const directory = mkdtempSync(join(tmpdir(), 'drumline-bench-'));
process.env['DRUMLINE_CACHE_DIR'] = join(directory, 'cache');
const files = {
  csv: join(directory, 'rows.csv'),
  with: join(directory, 'with.mjs'),
  without: join(directory, 'without.mjs'),
};

/** The control API of the run. */
const PORT = 8_097;
const LINE = 'some text of a note that makes the row about a hundred bytes long in total';
const USER = `tasks: { t: async ({ record, sleep, data }) => { READ; record({ protocol: 'data', name: '1,000 rows', durationMs: performance.now() - start }); await sleep('10ms'); } }`;
const RUN = `export default scenario({ users: [u], load: startWith(1).hold('5s') });`;

try {
  if (ROWS > 0) await measureFiles();
  for (const line of await measureTakes(directory, drumline)) console.log(line);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function measureFiles(): Promise<void> {
  writeRows();
  const gigabytes = statSync(files.csv).size / 1e9;
  writeScenarios();
  console.log(describeMachine());
  console.log(`${ROWS / 1e6} million rows, ${gigabytes.toFixed(2)} GB`);
  const empty = await seconds(['check', '--no-types', files.without]);
  for (const what of ['first time', 'again']) {
    const took = (await seconds(['check', '--no-types', files.with])) - empty;
    console.log(
      `check, ${what}: ${took.toFixed(2)} s more than without data, ${(took / gigabytes).toFixed(2)} s a GB`,
    );
  }
  const [without, withData] = [await run(files.without), await run(files.with)];
  console.log(`lane: ${withData.megabytes - without.megabytes} MB more than without data`);
  console.log(`reading a row at random: ${withData.meanMs.toFixed(1)} µs`);
}

function writeRows(): void {
  const file = openSync(files.csv, 'w');
  writeSync(file, 'id,name,note\n');
  for (let row = 0; row < ROWS;) {
    const lines: string[] = [];
    for (const end = Math.min(ROWS, row + 50_000); row < end; row += 1)
      lines.push(`${row},user ${row}@shop.example,${LINE}`);
    writeSync(file, `${lines.join('\n')}\n`);
  }
  closeSync(file);
}

function writeScenarios(): void {
  const imports = `import { data as sources, scenario, startWith, user } from 'drumline';`;
  const read = `const start = performance.now(); for (let n = 0; n < 1_000; n += 1) rows.at(Math.floor(Math.random() * rows.length))`;
  writeFileSync(
    files.with,
    `${imports} const rows = sources.csv('./rows.csv', { columns: { id: Number, name: String } }); const u = user('u', { data: { row: rows.perIteration() }, ${USER.replace('READ', `data.row; ${read}`)} }); ${RUN}`,
  );
  writeFileSync(
    files.without,
    `${imports} const u = user('u', { ${USER.replace('READ', 'const start = performance.now()')} }); ${RUN}`,
  );
}

async function seconds(args: readonly string[]): Promise<number> {
  const start = performance.now();
  await drumline(args);
  return (performance.now() - start) / 1_000;
}

interface LaneFigures {
  readonly megabytes: number;
  readonly meanMs: number;
}

/** Runs a scenario in one lane. @returns the memory of the lane, and the mean of its records */
async function run(scenario: string): Promise<LaneFigures> {
  const running = drumline([
    'run',
    scenario,
    '--lanes',
    '1',
    '--no-html',
    '--no-store',
    '--quiet',
    '--api',
    `127.0.0.1:${PORT}`,
  ]);
  let figures: LaneFigures = { megabytes: 0, meanMs: 0 };
  const get = async (path: string): Promise<unknown> =>
    await (await fetch(`http://127.0.0.1:${PORT}/v1/runs/current/${path}`)).json();
  const looking = setInterval(() => {
    void Promise.all([get('workers'), get('stats')])
      .then(([seen, stats]) => {
        const { workers } = seen as { workers: { lanes: { memoryBytes: number }[] }[] };
        const { series } = stats as { series: { latencyMs: { mean: number } }[] };
        const [lane] = workers[0]?.lanes ?? [];
        if (!lane || !series[0]) return;
        const megabytes = Math.round(lane.memoryBytes / 1e6);
        if (megabytes >= figures.megabytes) figures = { megabytes, meanMs: series[0].latencyMs.mean };
      })
      .catch(() => {});
  }, 200);
  await running;
  clearInterval(looking);
  return figures;
}

function drumline(args: readonly string[]): Promise<void> {
  const child = fork(BIN, args, { cwd: directory, stdio: 'ignore' });
  return new Promise((resolve) => child.once('exit', () => resolve()));
}
