// CPU of the threads of a process that gives seconds to a tap, for bench:taps.
// node scripts/dist/bench/taps/cost.js SPEC SERIES; `none` measures the loop without a tap.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { IntervalClosed } from '@drumline/stats';
import { reportOf } from '../reports.js';

/** CPU for a second of the run. */
export interface TapCost {
  readonly mainMs: number;
  /** All other threads. */
  readonly threadMs: number;
}

const SECONDS = 40;
const WARM_UP = 15;
const PAUSE_MS = 100;
const REQUESTS = 20;

const [spec = 'none', series = '100'] = process.argv.slice(2);
const counts = reportOf(Number(series), REQUESTS);
const state = {
  users: 100,
  plannedUsers: 100,
  cutOffUsers: 0,
  workers: { present: 2, missing: 0 },
  busiestLane: 0.5,
};
const run = {
  runId: 'f7216838-0000-4000-8000-000000000000',
  scenario: 'bench.ts',
  startedAt: new Date().toISOString(),
  labels: {},
  fromSecond: 0,
};

const { OutputsClient } = await import('@drumline/outputs');
const outputs = spec === 'none' ? undefined : await OutputsClient.start([{ text: spec, where: '--tap' }]);
outputs?.begin(run, (line) => console.error(line));
const reader = spec === 'none' ? undefined : await startReader();

for (let second = 0; second < WARM_UP; second += 1) await give(second);
const before = cpuMs();
for (let second = WARM_UP; second < WARM_UP + SECONDS; second += 1) await give(second);
// The thread of a busy machine is behind.
while (taken() < WARM_UP + SECONDS) await sleep(PAUSE_MS);
const after = cpuMs();
console.log(
  JSON.stringify({
    mainMs: (after.main - before.main) / SECONDS,
    threadMs: (after.others - before.others) / SECONDS,
  } satisfies TapCost),
);
await outputs?.end({}, 5_000);
reader?.kill();
process.exit(0);

async function give(second: number): Promise<void> {
  const closed: IntervalClosed = {
    type: 'closed',
    number: second + 1,
    second,
    counts: { second, ...counts },
    state,
    completeThrough: second,
  };
  outputs?.interval(closed, second + 1);
  await sleep(PAUSE_MS);
}

function taken(): number {
  const [view] = outputs?.views ?? [];
  return view === undefined || view.state === 'closed' ? Infinity : view.sentBatches + view.droppedSeconds;
}

async function startReader() {
  const child = fork(fileURLToPath(new URL('reader.js', import.meta.url)), [spec], { stdio: 'inherit' });
  await once(child, 'message');
  return child;
}

/** CPU since the start, by the kernel's count of each thread. */
function cpuMs(): { main: number; others: number } {
  let [main, others] = [0, 0];
  for (const thread of readdirSync('/proc/self/task')) {
    const [nanoseconds] = readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ');
    if (thread === String(process.pid)) main = Number(nanoseconds) / 1e6;
    else others += Number(nanoseconds) / 1e6;
  }
  return { main, others };
}
