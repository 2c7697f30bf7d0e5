// What each tap costs the master, and how long after a response a reader has it. Writes both tables
// to docs/taps.md, in less than three minutes.
// npm run bench:taps. With BENCH_AMQP=amqp://HOST also RabbitMQ.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { replaceMarked } from '../docs/marked-part.js';
import { describeMachine, median } from './support.js';
import type { TapCost } from './taps/cost.js';
import { delaysOf, type DelayCase } from './taps/delay.js';

const SERIES = [100, 1_000];
const PAGE = fileURLToPath(new URL('../../../docs/taps.md', import.meta.url));
const COST = fileURLToPath(new URL('taps/cost.js', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'drumline-bench-'));

const TAPS: Readonly<Record<string, string>> = {
  unix: `tap-unix=${join(directory, 'cost.sock')}`,
  file: `tap-file=${join(directory, 'files')}`,
  shm: `tap-shm=drumline-bench-${process.pid}?remove`,
  zmq: 'tap-zmq=tcp://127.0.0.1:15561',
  ...(process.env['BENCH_AMQP'] !== undefined && { amqp: `tap-amqp=${process.env['BENCH_AMQP']}` }),
};

const DELAYS: readonly DelayCase[] = [
  { name: 'ten requests a second of each user', scenario: 'paced.ts', users: 10 },
  { name: 'the same, with a master that stores the run', scenario: 'paced.ts', users: 10, isStored: true },
  { name: 'users without pauses', scenario: 'closed-loop.ts', users: 200 },
  { name: 'users without pauses, whose code needs all CPU', scenario: 'saturated.ts', users: 50 },
];

try {
  const machine = describeMachine();
  const page = readFileSync(PAGE, 'utf8');
  const delays = `${await delayTable()}\n\n${machine}.`;
  const costs = `${costTable()}\n\n${machine}.`;
  const written = replaceMarked(
    replaceMarked(page, 'npm run bench:taps delay', delays),
    'npm run bench:taps cost',
    costs,
  );
  writeFileSync(PAGE, await format(written, { parser: 'markdown', printWidth: 120, proseWrap: 'preserve' }));
  console.log(`${delays}\n\n${costs}\n\nwritten to docs/taps.md`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** The time from the first response of a second until a reader has its record. */
async function delayTable(): Promise<string> {
  const rows = ['| load | busiest lane | median | longest |', '| --- | ---: | ---: | ---: |'];
  for (const one of DELAYS) {
    const { ms, busiestLane } = await delaysOf(one, directory);
    const [middle, longest] = [median(ms), Math.max(...ms)].map((value) => `${(value / 1_000).toFixed(2)} s`);
    rows.push(`| ${one.name} | ${Math.round(busiestLane * 100)} % | ${middle} | ${longest} |`);
  }
  return rows.join('\n');
}

/** CPU for a second of the run, in the main thread and in that of the outputs. */
function costTable(): string {
  const loops = SERIES.map((series) => measured('none', series));
  const columns = SERIES.map(
    (series) => `${series.toLocaleString('en')} series: main thread | thread of the outputs`,
  );
  const rows = [`| tap | ${columns.join(' | ')} |`, `| --- |${' ---: | ---: |'.repeat(SERIES.length)}`];
  for (const [name, spec] of Object.entries(TAPS)) {
    const cells = SERIES.map((series, index) => {
      const own = measured(spec, series);
      const [mainMs, threadMs] = [own.mainMs - loops[index]!.mainMs, own.threadMs - loops[index]!.threadMs];
      return `${mainMs.toFixed(1)} ms | ${threadMs.toFixed(1)} ms`;
    });
    rows.push(`| \`${name}\` | ${cells.join(' | ')} |`);
  }
  return rows.join('\n');
}

function measured(spec: string, series: number): TapCost {
  const output = execFileSync(process.execPath, [COST, spec, String(series)], { encoding: 'utf8' });
  return JSON.parse(output) as TapCost;
}
