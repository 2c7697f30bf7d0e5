// CPU of a worker's lane for each request, in a closed loop of 50 users with a check of the status,
// over loopback. A bare loop over undici's `request` runs in the same minute for comparison,
// because machines differ and drift.
// npm run bench:lane
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { pause, startCluster } from './cluster.js';
import { describeMachine, median } from './support.js';

const RUNS = Number(process.argv[2] ?? 3);
const SECONDS = 8;

const ours: number[] = [];
const bare: number[] = [];
const target = fork(fileURLToPath(new URL('../demo/target.js', import.meta.url)), ['--port', '0'], {
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
});
const [{ url }] = (await once(target, 'message')) as [{ url: string }];
for (let run = 0; run < RUNS; run += 1) {
  ours.push(await costOfLane(url));
  bare.push(await costOfBareLoop(url));
}
target.kill();
const ratio = median(ours.map((cost, run) => cost / bare[run]!));
console.log(describeMachine());
console.log(
  `Lane: ${median(ours).toFixed(1)} µs of CPU a request (${ours.map((cost) => cost.toFixed(1)).join(', ')})`,
);
console.log(
  `Bare undici request loop: ${median(bare).toFixed(1)} µs (${bare.map((cost) => cost.toFixed(1)).join(', ')})`,
);
console.log(`Ratio lane / bare: ${ratio.toFixed(2)} (median of ${RUNS} pairs)`);

/** CPU of the lane for each finished request, in microseconds, measured over some seconds. */
async function costOfLane(aim: string): Promise<number> {
  const { master, end } = await startCluster('closed-loop', aim);
  while (master.control.status().users < 50) await pause(100);
  await pause(2_000);
  let cpuSeconds = 0;
  const before = master.control.stats().totals.requests;
  for (let second = 0; second < SECONDS; second += 1) {
    await pause(1_000);
    cpuSeconds += (master.control.workers()[0]?.lanes[0]?.cpuPercent ?? 0) / 100;
  }
  const requests = master.control.stats().totals.requests - before;
  await end();
  return (cpuSeconds / requests) * 1e6;
}

async function costOfBareLoop(aim: string): Promise<number> {
  const child = fork(fileURLToPath(new URL('bare-loop.js', import.meta.url)), [aim, String(SECONDS)]);
  const [cost] = (await once(child, 'message')) as [number];
  return cost;
}
