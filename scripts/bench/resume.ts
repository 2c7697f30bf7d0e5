// Sends SIGKILL to the master and starts it again at once. Measures the time until all workers run
// under the new master, and the load meanwhile. Goal: all workers back within five seconds.
// npm run bench:resume
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StatusView, WorkerView } from '@drumline/wire';
import { startTarget } from '../demo/target.js';
import { pause } from './cluster.js';
import { describeMachine, median } from './support.js';

const RUNS = Number(process.argv[2] ?? 5);
const USERS = 30;
const NAMES = ['w1', 'w2', 'w3'];
const bin = fileURLToPath(new URL('../../../packages/drumline/bin/drumline.js', import.meta.url));
const scenario = fileURLToPath(new URL('../../bench/scenarios/simplest.ts', import.meta.url));

const answered: number[] = [];
const whole: number[] = [];
const load: number[] = [];
const target = await startTarget();
for (let run = 0; run < RUNS; run += 1) {
  const dataDir = await mkdtemp(join(tmpdir(), 'drumline-bench-'));
  const command = ['master', scenario, '-H', target.url, '-u', String(USERS), '-t', '10m', '--no-html'];
  const ports = ['--bind', 'tcp://127.0.0.1:0', '--api', '127.0.0.1:0', '--data-dir', dataDir];
  const expected = ['--expect-workers', String(NAMES.length)];
  const startMaster = (): ChildProcess => start([...command, ...ports, ...expected]);
  const first = startMaster();
  const { address, api } = await addressesOf(first);
  const workers = NAMES.map((name) => start(['worker', '--master', address, '--name', name, '--lanes', '1']));
  for (const { stdout } of workers) stdout!.resume();
  while ((await ask<StatusView>(api, 'status'))?.users !== USERS) await pause(50);
  await pause(2_000 + 150 * run);

  const before = await ratePerSecond(1_000);
  first.kill('SIGKILL');
  const killedMs = performance.now();
  const killedCount = target.count;
  const second = startMaster();
  second.stdout!.resume();
  while (!(await ask<StatusView>(api, 'status'))) await pause(10);
  answered.push(performance.now() - killedMs);
  while (!(await isWhole(api))) await pause(10);
  whole.push(performance.now() - killedMs);
  load.push((target.count - killedCount) / (whole.at(-1)! / 1_000) / before);
  second.kill('SIGTERM');
  await Promise.all([second, ...workers].map(exited));
  await rm(dataDir, { recursive: true });
}
await target.close();
const show = (times: number[]): string =>
  `${(median(times) / 1_000).toFixed(1)} s (median of ${RUNS}; ${times.map((ms) => (ms / 1_000).toFixed(1)).join(', ')})`;
console.log(describeMachine());
console.log(`The new master answers after ${show(answered)}`);
console.log(`All ${USERS} users run under it, according to the workers’ heartbeats, after ${show(whole)}`);
console.log(`Load meanwhile: ${Math.round(median(load) * 100)} % of that before`);

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
}

async function addressesOf(master: ChildProcess): Promise<{ address: string; api: string }> {
  let output = '';
  master.stdout!.on('data', (text) => (output += String(text)));
  for (;;) {
    const [, address] = /join at (\S+)/.exec(output) ?? [];
    const [, api] = /API at (\S+)/.exec(output) ?? [];
    if (address !== undefined && api !== undefined) return { address, api };
    if (master.exitCode !== null) throw new Error(`the master ended:\n${output}`);
    await pause(20);
  }
}

async function ask<T>(api: string, path: string): Promise<T | undefined> {
  try {
    return (await (await fetch(`${api}/v1/runs/current/${path}`)).json()) as T;
  } catch {
    return undefined;
  }
}

async function isWhole(api: string): Promise<boolean> {
  const { workers } = (await ask<{ workers: WorkerView[] }>(api, 'workers')) ?? { workers: [] };
  const users = workers.reduce((sum, worker) => sum + worker.users, 0);
  return users === USERS && workers.every(({ state }) => state === 'running');
}

async function ratePerSecond(durationMs: number): Promise<number> {
  const from = target.count;
  await pause(durationMs);
  return ((target.count - from) * 1_000) / durationMs;
}

async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
