// Iterations at a rate, at a target that records when each request arrives:
// - CPU of the lane for each iteration, beside closed loops of 50 users in the same minute: one as
//   fast as it can, and one that paces its users to the same rate;
// - how exactly the rate is kept over ten seconds;
// - how late requests arrive after an even schedule, beside h2load and vegeta with the same rate;
// - how late the requests of a replayed log arrive after the times of the log.
// npm run bench:rate [-- [--rounds N] rate …]
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pause, startCluster, type BenchCluster } from './cluster.js';
import {
  lanePercent,
  latenessAfter,
  latenessOf,
  medians,
  randomTimes,
  rateErrorOf,
  type Lateness,
} from './rate/figures.js';
import { describeMachine } from './support.js';

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const RATES = positionals.length > 0 ? positionals.map(Number) : [1_000, 5_000, 10_000];
const WINDOW_SECONDS = 10;
const SECONDS = WINDOW_SECONDS + 2;
const WARM_UP_MS = 3_000;
/** Connections of h2load. Each has its own schedule. */
const CONNECTIONS = 10;
const REPLAYED_RATE = 1_000;
/** How long other programs run. */
const RUN_SECONDS = SECONDS + WARM_UP_MS / 1_000 + 1;

/** What was measured of a generator. `NaN` if it does not apply. */
interface Row extends Record<keyof Lateness, number> {
  readonly requests: number;
  readonly cpuUs: number;
  readonly lanePercent: number;
  /** Of the CPU to that of the closed loop. */
  readonly ratio: number;
  readonly rateError: number;
}

interface Taken {
  readonly arrivals: number[];
  readonly numbers: number[];
}

const NO_CPU = { cpuUs: NaN, lanePercent: NaN, ratio: NaN };
const target = fork(fileURLToPath(new URL('rate/target.js', import.meta.url)));
const [{ port }] = (await once(target, 'message')) as [{ port: number }];
const url = `http://127.0.0.1:${port}`;
const rows = new Map<string, Row[]>();
const add = (name: string, row: Row | undefined): void => {
  if (row) rows.set(name, [...(rows.get(name) ?? []), row]);
};

for (let round = 0; round < Number(values.rounds); round += 1) {
  const closed = await closedLoop();
  add('closed loop, 50 users', closed);
  for (const rate of RATES) {
    add(`iterations('${rate}/s')`, await atRate('iterations-at-rate', rate, closed.cpuUs));
    add(`50 paced users, ${rate}/s`, await atRate('paced-loop', rate, closed.cpuUs));
    add(`h2load at ${rate}/s`, await otherProgram(h2load(rate), rate));
    add(`vegeta at ${rate}/s`, await otherProgram(vegeta(rate), rate));
  }
  add(`replay, ${REPLAYED_RATE}/s at random`, await replayed());
}
target.kill();

console.log(describeMachine());
console.log(`| | CPU | of the closed loop | of a lane | rate | lateness p50 | p99 | max |`);
console.log(`| --- | --- | --- | --- | --- | --- | --- | --- |`);
for (const [name, rounds] of rows) {
  const row = medians(rounds);
  const cell = (text: (value: number) => string, value: number): string =>
    Number.isNaN(value) ? '' : text(value);
  const ms = (value: number): string => cell((late) => `${late.toFixed(late < 10 ? 2 : 0)} ms`, value);
  const cells = [
    cell((us) => `${us.toFixed(1)} µs`, row.cpuUs),
    cell((ratio) => ratio.toFixed(2), row.ratio),
    cell((percent) => `${percent.toFixed(0)} %`, row.lanePercent),
    cell((error) => `${(error * 100).toFixed(3)} % off`, row.rateError),
    ...[row.p50, row.p99, row.max].map(ms),
  ];
  console.log(`| ${[name, ...cells].join(' | ')} |`);
}

async function closedLoop(): Promise<Row> {
  const cluster = await startCluster('closed-loop', url);
  while (cluster.master.control.status().users < 50) await pause(100);
  await pause(WARM_UP_MS);
  const { requests, cpu } = await measure(cluster);
  await cluster.end();
  return { requests, ...cpu, ratio: 1, rateError: NaN, p50: NaN, p99: NaN, max: NaN };
}

async function atRate(scenario: string, rate: number, closedUs: number): Promise<Row> {
  process.env['BENCH_RATE'] = String(rate);
  const cluster = await startCluster(scenario, url);
  while (cluster.master.control.stats().totals.requests === 0) await pause(100);
  await pause(WARM_UP_MS);
  const { requests, cpu, arrivals } = await measure(cluster);
  await cluster.end();
  return { requests, ...cpu, ratio: cpu.cpuUs / closedUs, ...figures(arrivals, rate) };
}

/** The requests that arrive within some seconds, and the CPU of the lane for each. */
async function measure({ master }: BenchCluster): Promise<{
  readonly requests: number;
  readonly cpu: Pick<Row, 'cpuUs' | 'lanePercent'>;
  readonly arrivals: number[];
}> {
  await take();
  let percent = 0;
  for (let second = 0; second < SECONDS; second += 1) {
    await pause(1_000);
    percent += lanePercent(master.control.workers()) / SECONDS;
  }
  const { arrivals } = await take();
  const cpuUs = ((percent / 100) * SECONDS * 1e6) / arrivals.length;
  return { requests: arrivals.length, cpu: { cpuUs, lanePercent: percent }, arrivals };
}

async function replayed(): Promise<Row> {
  const folder = await mkdtemp(join(tmpdir(), 'drumline-bench-'));
  const dueMs = randomTimes(REPLAYED_RATE, SECONDS);
  process.env['BENCH_LOG'] = join(folder, 'log.csv');
  await writeFile(process.env['BENCH_LOG'], `at\n${dueMs.join('\n')}\n`);
  await take();
  const cluster = await startCluster('replayed-log', url);
  await cluster.master.finished;
  await cluster.end();
  await rm(folder, { recursive: true });
  const { arrivals, numbers } = await take();
  if (arrivals.length !== dueMs.length)
    throw new Error(`${arrivals.length} requests of ${dueMs.length} lines arrived`);
  const late = latenessAfter(
    arrivals,
    numbers.map((number) => dueMs[number]!),
  );
  return { requests: arrivals.length, ...NO_CPU, rateError: NaN, ...late };
}

function h2load(rate: number): string[] {
  const load = ['-c', String(CONNECTIONS), '-t', '1', '--rps', String(rate / CONNECTIONS)];
  return ['h2load', '--h1', ...load, '-D', String(RUN_SECONDS), url];
}

function vegeta(rate: number): string[] {
  const attack = `vegeta attack -rate=${rate} -duration=${RUN_SECONDS}s -workers=${CONNECTIONS}`;
  return ['sh', '-c', `command -v vegeta && echo 'GET ${url}' | ${attack}`];
}

/** @returns undefined if there is no such program */
async function otherProgram([program, ...args]: string[], rate: number): Promise<Row | undefined> {
  const child = spawn(program!, args, { stdio: 'ignore' });
  const ended = once(child, 'close').catch(() => undefined);
  await pause(WARM_UP_MS);
  await take();
  if (child.exitCode !== null || child.pid === undefined) return undefined;
  await pause(SECONDS * 1_000);
  const { arrivals } = await take();
  await ended;
  return { requests: arrivals.length, ...NO_CPU, ...figures(arrivals, rate) };
}

function figures(arrivals: readonly number[], rate: number): Pick<Row, 'rateError'> & Lateness {
  return { rateError: rateErrorOf(arrivals, rate, WINDOW_SECONDS), ...latenessOf(arrivals, rate) };
}

/** When requests arrived since the last call, milliseconds, and the numbers in their paths. */
async function take(): Promise<Taken> {
  target.send('take');
  const [taken] = (await once(target, 'message')) as [Taken];
  return taken;
}
