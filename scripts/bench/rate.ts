// Iterations at a rate, at a target that records when each request arrives:
// - CPU of the lane for each iteration, beside closed loops of 50 users in the same minute: one as
//   fast as it can, and one that paces its users to the same rate;
// - how exactly the rate is kept over ten seconds;
// - how late requests arrive after an even schedule, beside h2load with the same rate.
// npm run bench:rate [-- rate …]
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { pause, startCluster, type BenchCluster } from './cluster.js';
import { lanePercent, latenessOf, rateErrorOf } from './rate/figures.js';
import { describeMachine } from './support.js';

const RATES = process.argv.slice(2).map(Number);
const SECONDS = 10;
const WARM_UP_MS = 3_000;
/** Connections of h2load. Each has its own schedule. */
const CONNECTIONS = 10;

interface Row {
  readonly generator: string;
  readonly requests: number;
  readonly cpu: string;
  readonly rate: string;
  readonly lateness: string;
}

const target = fork(fileURLToPath(new URL('rate/target.js', import.meta.url)));
const [{ port }] = (await once(target, 'message')) as [{ port: number }];
const url = `http://127.0.0.1:${port}`;

console.log(describeMachine());
const rows: Row[] = [await closedLoop()];
for (const rate of RATES.length > 0 ? RATES : [1_000, 5_000, 10_000]) {
  rows.push(await atRate(`iterations('${rate}/s')`, 'iterations-at-rate', rate));
  rows.push(await atRate(`50 paced users, ${rate}/s`, 'paced-loop', rate));
  rows.push(await h2load(rate));
}
target.kill();
console.table(Object.fromEntries(rows.map(({ generator, ...row }) => [generator, row])));

async function closedLoop(): Promise<Row> {
  const cluster = await startCluster('closed-loop', url);
  while (cluster.master.control.status().users < 50) await pause(100);
  await pause(WARM_UP_MS);
  const { requests, cpu } = await measure(cluster);
  await cluster.end();
  return { generator: 'closed loop, 50 users', requests, cpu, rate: '', lateness: '' };
}

async function atRate(generator: string, scenario: string, rate: number): Promise<Row> {
  process.env['BENCH_RATE'] = String(rate);
  const cluster = await startCluster(scenario, url);
  while (cluster.master.control.stats().totals.requests === 0) await pause(100);
  await pause(WARM_UP_MS);
  const { requests, cpu, arrivals } = await measure(cluster);
  await cluster.end();
  return { generator, requests, cpu, ...figures(arrivals, rate) };
}

/** The requests that arrive within some seconds, and the CPU of the lane for each. */
async function measure({
  master,
}: BenchCluster): Promise<{ requests: number; cpu: string; arrivals: number[] }> {
  await taken(target);
  let percent = 0;
  for (let second = 0; second < SECONDS; second += 1) {
    await pause(1_000);
    percent += lanePercent(master.control.workers()) / SECONDS;
  }
  const arrivals = await taken(target);
  const micros = ((percent / 100) * SECONDS * 1e6) / arrivals.length;
  return { requests: arrivals.length, cpu: `${micros.toFixed(1)} µs, ${percent.toFixed(0)} %`, arrivals };
}

async function h2load(rate: number): Promise<Row> {
  const args = ['--h1', '-c', String(CONNECTIONS), '-t', '1', '--rps', String(rate / CONNECTIONS)];
  const generator = `h2load at ${rate}/s`;
  const child = spawn('h2load', [...args, '-D', String(SECONDS + WARM_UP_MS / 1_000 + 1), url], {
    stdio: 'ignore',
  });
  const ended = once(child, 'close').catch(() => undefined);
  await pause(WARM_UP_MS);
  await taken(target);
  await pause(SECONDS * 1_000);
  const arrivals = await taken(target);
  await ended;
  return { generator, requests: arrivals.length, cpu: '', ...figures(arrivals, rate) };
}

function figures(arrivals: readonly number[], rate: number): Pick<Row, 'rate' | 'lateness'> {
  if (arrivals.length === 0) return { rate: 'not run', lateness: '' };
  const { p50, p99, max } = latenessOf(arrivals, rate);
  return {
    rate: `${(rateErrorOf(arrivals, rate, SECONDS) * 100).toFixed(3)} % off`,
    lateness: `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, max ${max.toFixed(1)} ms`,
  };
}

/** When requests arrived since the last call, milliseconds. */
async function taken(child: ChildProcess): Promise<number[]> {
  child.send('take');
  const [{ arrivals }] = (await once(child, 'message')) as [{ arrivals: number[] }];
  return arrivals;
}
