// How far the response times of a busy lane are from those that its target measured itself, second
// by second, and which seconds Drumline marks as untrusted. The target answers after 20 ms. Levels:
// 30, 50, 70, 90 and 100 % of what a lane can do, and 50 % on a machine without free CPUs.
// npm run bench:trust
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { pause, startCluster, type BenchCluster } from './cluster.js';
import { describeMachine, median } from './support.js';

const SECONDS = Number(process.argv[2] ?? 12);
const LEVELS = [0.3, 0.5, 0.7, 0.9, 1];
/** Response times of a second are affected if their p99 is this much more than the target's. */
const AFFECTED_MS = 5;

interface Second {
  readonly busy: number;
  readonly cpu: number;
  readonly loopDelayMs: number;
  readonly p50ErrorMs: number;
  readonly p99ErrorMs: number;
  readonly isMarked: boolean;
}

const target = fork(fileURLToPath(new URL('delayed-target.js', import.meta.url)), ['20'], {
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
});
const [{ url }] = (await once(target, 'message')) as [{ url: string }];
const cluster = await startCluster('paced', url);
while (cluster.master.control.status().state !== 'running') await pause(100);
const rows: [string, Second[]][] = [];
for (const level of LEVELS) {
  await reach(cluster, level);
  rows.push([`${level * 100} % busy`, await measure(cluster, target)]);
}
await reach(cluster, 0.5);
const hogs = cpus().flatMap(() => [startHog(), startHog()]);
rows.push(['50 % busy, no free CPU', await measure(cluster, target)]);
for (const hog of hogs) hog.kill();
await cluster.end();
target.kill();

console.log(describeMachine());
console.log(
  `Target of 20 ms; ${SECONDS} seconds each; affected: p99 more than ${AFFECTED_MS} ms above the target's`,
);
for (const [name, seconds] of rows) console.log(`${name.padEnd(23)} ${describe(seconds)}`);
if (process.argv.includes('--all')) for (const [, seconds] of rows) console.table(seconds);

/** Adjusts the number of users until the lane is busy for this share of the time. */
async function reach({ master }: BenchCluster, level: number): Promise<void> {
  const { control } = master;
  for (let step = 0; step < 12; step += 1) {
    await pause(2_000);
    const busy = Math.max(0.02, (control.workers()[0]?.lanes[0]?.busyPercent ?? 0) / 100);
    const { plannedUsers } = control.status();
    const isFull = level >= 1 && busy > 0.97;
    if (isFull || Math.abs(busy - level) < 0.04) return;
    const factor = Math.min(2, Math.max(0.6, Math.min(1.05, level) / busy));
    control.setUsers({ users: Math.max(5, Math.round(plannedUsers * factor)) });
  }
}

async function measure({ master }: BenchCluster, server: ChildProcess): Promise<Second[]> {
  const { control } = master;
  const seconds: Second[] = [];
  await own(server);
  for (let n = 0; n < SECONDS; n += 1) {
    const before = control.stats().current.at;
    while (control.stats().current.at === before) await pause(5);
    const theirs = await own(server);
    const { current } = control.stats();
    const lane = control.workers()[0]!.lanes[0]!;
    seconds.push({
      busy: lane.busyPercent,
      cpu: lane.cpuPercent,
      loopDelayMs: lane.loopDelayMs,
      p50ErrorMs: round(current.p50Ms - theirs.p50Ms),
      p99ErrorMs: round(current.p99Ms - theirs.p99Ms),
      isMarked: current.untrusted !== undefined,
    });
  }
  return seconds;
}

/** What the target measured since the last call. */
async function own(server: ChildProcess): Promise<{ p50Ms: number; p99Ms: number }> {
  server.send('times');
  const [times] = (await once(server, 'message')) as [{ p50Ms: number; p99Ms: number }];
  return times;
}

function startHog(): ChildProcess {
  return fork(fileURLToPath(new URL('hog.js', import.meta.url)), { stdio: 'ignore' });
}

function describe(seconds: readonly Second[]): string {
  const middle = (of: (second: Second) => number): string => median(seconds.map(of)).toFixed(1);
  const affected = seconds.filter(({ p99ErrorMs }) => p99ErrorMs > AFFECTED_MS);
  const marked = seconds.filter(({ isMarked }) => isMarked);
  const both = affected.filter(({ isMarked }) => isMarked);
  return [
    `busy ${middle(({ busy }) => busy)} %`,
    `CPU ${middle(({ cpu }) => cpu)} %`,
    `loop delay ${middle(({ loopDelayMs }) => loopDelayMs)} ms`,
    `p50 +${middle(({ p50ErrorMs }) => p50ErrorMs)} ms`,
    `p99 +${middle(({ p99ErrorMs }) => p99ErrorMs)} ms`,
    `affected ${affected.length}, marked ${marked.length}, both ${both.length}`,
  ].join(', ');
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
