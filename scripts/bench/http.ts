// What a request costs Drumline, beside wrk, h2load, Locust, autocannon and Node's own means, in the same minutes on the same machine.
// npm run bench:http; docs/performance.md tells the method.
import { execFileSync } from 'node:child_process';
import { openBench, type Bench, type Line, type Row } from './http/bench.js';
import { commandPeers, PEER_FOLDER } from './http/generators/commands.js';
import { loopPeers } from './http/generators/loops.js';
import type { LoadGenerator } from './http/generator.js';
import { cleanUpAtExit, endAll } from './http/launch.js';
import { readOptions, USAGE, type BenchOptions } from './http/options.js';
import { COST_ROWS } from './http/rows/costs.js';
import { LANES_ROW } from './http/rows/lanes.js';
import { MEMORY_ROW } from './http/rows/memory.js';
import { TRUTH_ROW } from './http/rows/truth.js';
import { remarksOn } from './http/remarks.js';
import { markdownTable, textTable } from './http/table.js';

const ROWS = [...COST_ROWS, MEMORY_ROW, TRUTH_ROW, LANES_ROW];
const WARM_UP_SECONDS = 3;

cleanUpAtExit();
try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') console.log(USAGE);
  else await main(options);
  await endAll();
} catch (error) {
  console.error(`bench:http: ${(error as Error).message}`);
  process.exit(1);
}

async function main(options: BenchOptions): Promise<void> {
  if (process.platform !== 'linux')
    throw new Error('it reads the books of the kernel in /proc: Linux is needed');
  const { runs, seconds, markdown } = options;
  if (options.installPeers) installPeers();
  const asked = choose([...commandPeers(), ...loopPeers()], options.peers);
  const peers = asked.filter(({ version }) => version !== undefined);
  const span = { warmUp: WARM_UP_SECONDS, window: seconds };
  const bench = await openBench({ runs, span, say: (line) => console.error(line) }, peers);
  const rows = ROWS.filter(({ group }) => options.groups.includes(group));
  if (options.profile) return await profileAll(rows, bench);
  const lines: Line[] = [];
  for (const row of rows) lines.push(...(await row.run(bench).catch((error: Error) => failed(row, error))));
  const remarks = remarksOn(bench, asked);
  console.log(markdown ? markdownTable(lines) : textTable(lines));
  console.log(`\n${remarks.map((remark) => (markdown ? `- ${remark}` : remark)).join('\n')}`);
}

/** One generator that does not work must not cost the figures of the others. */
function failed({ title }: Row, { message }: Error): Line[] {
  console.error(`${title}: ${message}`);
  return [{ what: title, ours: `failed: ${message.split('\n')[0]}`, beside: '', ratio: '', goal: '' }];
}

async function profileAll(rows: readonly Row[], bench: Bench): Promise<void> {
  for (const row of rows) {
    const breakdown = await row.profile?.(bench);
    if (breakdown !== undefined) console.log(`${row.title}\n${breakdown}\n`);
  }
}

/** @throws Error if a name is no peer's */
function choose(known: readonly LoadGenerator[], names: readonly string[] | undefined): LoadGenerator[] {
  for (const name of names ?? []) {
    const peer = known.find((one) => one.name === name);
    if (peer === undefined)
      throw new Error(`--peers: there is no ${name}; there are ${known.map((one) => one.name).join(', ')}`);
  }
  return known.filter(({ name }) => names?.includes(name) !== false);
}

function installPeers(): void {
  const npm = ['install', '--no-audit', '--no-fund', '--prefix', PEER_FOLDER, 'autocannon'];
  execFileSync('npm', npm, { stdio: ['ignore', 'inherit', 'inherit'] });
}
