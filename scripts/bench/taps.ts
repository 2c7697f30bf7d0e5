// What each tap costs the master, and how long after a response a reader has it.
// npm run bench:taps. With BENCH_AMQP=amqp://HOST also RabbitMQ.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TapLine } from '@drumline/wire';
import { startTarget } from '../demo/target.js';
import { describeMachine, median } from './support.js';
import type { TapCost } from './taps/cost.js';

const SERIES = [100, 1_000];
const RUN_SECONDS = 22;
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const DRUMLINE = join(ROOT, 'packages/drumline/bin/drumline.js');
const SCENARIOS = join(ROOT, 'scripts/bench/scenarios');
const COST = fileURLToPath(new URL('taps/cost.js', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'drumline-bench-'));

const TAPS: Readonly<Record<string, string>> = {
  unix: `tap-unix=${join(directory, 'cost.sock')}`,
  file: `tap-file=${join(directory, 'files')}`,
  shm: `tap-shm=drumline-bench-${process.pid}?remove`,
  zmq: 'tap-zmq=tcp://127.0.0.1:15561',
  ...(process.env['BENCH_AMQP'] !== undefined && { amqp: `tap-amqp=${process.env['BENCH_AMQP']}` }),
};

/** The loop without a tap, by the number of series. */
const loops = new Map<number, TapCost>();

try {
  console.log(describeMachine());
  await reportCosts();
  await reportDelays();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** CPU for a second of the run, in two rows of each tap. */
async function reportCosts(): Promise<void> {
  console.log(
    `\n| tap    | ${SERIES.map((series) => `${series} series: main thread | thread of the outputs`).join(' | ')} |`,
  );
  console.log(`| ------ | ${SERIES.map(() => '---: | ---:').join(' | ')} |`);
  for (const [name, spec] of Object.entries(TAPS)) {
    const cells = SERIES.map((series) => {
      const { mainMs, threadMs } = costOf(spec, series);
      return `${mainMs.toFixed(1)} ms | ${threadMs.toFixed(1)} ms`;
    });
    console.log(`| \`${name}\` | ${cells.join(' | ')} |`);
  }
}

/** What a tap costs beyond the same loop without it. */
function costOf(spec: string, series: number): TapCost {
  const without = loops.get(series) ?? measured('none', series);
  loops.set(series, without);
  const own = measured(spec, series);
  return { mainMs: own.mainMs - without.mainMs, threadMs: own.threadMs - without.threadMs };
}

function measured(spec: string, series: number): TapCost {
  const output = execFileSync(process.execPath, [COST, spec, String(series)], { encoding: 'utf8' });
  return JSON.parse(output) as TapCost;
}

/** The time from the last byte of a response until a reader has it. */
async function reportDelays(): Promise<void> {
  console.log(
    '\n| lanes     | busiest lane | last byte to reader: shortest | median second, first response | longest |',
  );
  console.log(
    '| --------- | -----------: | ----------------------------: | ----------------------------: | ------: |',
  );
  for (const [name, users, scenario] of [
    ['idle', '10', 'paced.ts'],
    ['saturated', '200', 'closed-loop.ts'],
  ] as const) {
    const { delays, busiest } = await delaysOf(users, scenario);
    const at = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;
    // The last response of a second came a second after the first.
    const shortest = Math.max(0, Math.min(...delays) - 1_000);
    console.log(
      `| ${name} | ${Math.round(busiest * 100)} % | ${at(shortest)} | ${at(median(delays))} | ${at(Math.max(...delays))} |`,
    );
  }
}

async function delaysOf(users: string, scenario: string): Promise<{ delays: number[]; busiest: number }> {
  const target = await startTarget();
  const path = join(directory, `${scenario}.sock`);
  const load = ['-H', target.url, '-u', users, '-t', `${RUN_SECONDS}s`];
  const run = spawn(
    process.execPath,
    [DRUMLINE, 'run', join(SCENARIOS, scenario), ...load, '--no-html', '--no-api', '--tap', `unix:${path}`],
    { stdio: 'ignore', env: { ...process.env, DRUMLINE_STORE: 'false' } },
  );
  const ended = once(run, 'exit');
  const delays: number[] = [];
  let busiest = 0;
  const socket = await opened(path);
  let text = '';
  for await (const chunk of socket.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (text + chunk).split('\n');
    text = lines.pop()!;
    for (const line of lines) {
      const record = JSON.parse(line) as TapLine;
      if (record.type !== 'second') continue;
      delays.push(Date.now() - Date.parse(record.at));
      busiest = Math.max(busiest, record.busiestLane);
    }
  }
  await ended;
  await target.close();
  return { delays, busiest };
}

async function opened(path: string): Promise<Socket> {
  for (;;) {
    const socket = connect(path);
    const [isOpen] = await Promise.race([
      once(socket, 'connect').then(() => [true]),
      once(socket, 'error').then(() => [false]),
    ]).catch(() => [false]);
    if (isOpen) return socket;
    await sleep(50);
  }
}
