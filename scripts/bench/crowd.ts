// Many workers that join a running test within a second, over real sockets. Measures what the
// master sends them, how long heartbeats wait for their replies, and how many workers are lost
// meanwhile.
// npm run bench:crowd -- [workers] [series] [seconds]
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { StatusView } from '@drumline/wire';
import { pause } from './cluster.js';
import type { Heard } from './crowd/speaker.js';
import { describeMachine, quantile } from './support.js';

const [workers = 1_000, series = 0, seconds = 30] = process.argv.slice(2).map(Number);
/** libzmq allows 1,023 sockets in a process. */
const PER_PROCESS = 250;
const bin = fileURLToPath(new URL('../../../packages/drumline/bin/drumline.js', import.meta.url));
const scenario = fileURLToPath(new URL('../../bench/scenarios/simplest.ts', import.meta.url));
const crowd = fileURLToPath(new URL('crowd/process.js', import.meta.url));

const flags = ['-H', 'http://127.0.0.1:9', '-u', '10000', '--keep-going', '--no-store', '--no-html'];
const ports = ['--bind', 'tcp://127.0.0.1:0', '--api', '127.0.0.1:0'];
const master = spawn(process.execPath, [bin, 'master', scenario, ...flags, ...ports], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
let [address, api] = ['', ''];
for await (const line of createInterface({ input: master.stdout })) {
  address = /tcp:\/\/\S+/.exec(line)?.[0] ?? address;
  api = /http:\/\/127\S+/.exec(line)?.[0] ?? api;
  if (address !== '' && api !== '') break;
}
master.stdout.resume();
const join = (from: number, count: number) => fork(crowd, [address, from, count, series].map(String));
const crowds = [join(0, 1)];
await until(({ state }) => state === 'running');
const joinedMs = performance.now();
for (let from = 1; from < workers; from += PER_PROCESS)
  crowds.push(join(from, Math.min(PER_PROCESS, workers - from)));
await until((status) => status.workers.connected >= workers);
const allAfterMs = performance.now() - joinedMs;
let [missing, slowestMs] = [0, 0];
for (const endMs = performance.now() + seconds * 1_000; performance.now() < endMs;) {
  const askedMs = performance.now();
  missing = Math.max(missing, (await status())?.workers.missing ?? 0);
  slowestMs = Math.max(slowestMs, performance.now() - askedMs);
  await pause(500);
}
const heard = await Promise.all(
  crowds.map(async (child) => {
    child.send('stop');
    const [answer] = (await once(child, 'message')) as [Heard];
    return answer;
  }),
);
master.kill('SIGKILL');
await once(master, 'exit');
const repliesMs = heard.flatMap((part) => part.repliesMs);
const sum = (of: (part: Heard) => number): number => heard.reduce((total, part) => total + of(part), 0);
console.log(describeMachine());
console.log(
  `${workers} workers × ${series} series, ${seconds} s; all joined after ${(allAfterMs / 1_000).toFixed(1)} s`,
);
console.log(
  `assignments: ${sum((part) => part.assignments)}; silences of the master: ${sum((part) => part.silences)}`,
);
console.log(
  `heartbeat replies: p50 ${show(0.5)}, p99 ${show(0.99)}, slowest ${show(1)} of ${repliesMs.length}`,
);
console.log(
  `workers missing at a time, at most: ${missing}; slowest answer of the API: ${slowestMs.toFixed(0)} ms`,
);

function show(part: number): string {
  return `${quantile(repliesMs, part).toFixed(0)} ms`;
}

async function status(): Promise<StatusView | undefined> {
  const answer = await fetch(`${api}/v1/status`).catch(() => undefined);
  return answer?.ok ? ((await answer.json()) as StatusView) : undefined;
}

async function until(condition: (status: StatusView) => boolean): Promise<void> {
  for (const endMs = performance.now() + 120_000; performance.now() < endMs; await pause(50)) {
    const now = await status();
    if (now && condition(now)) return;
  }
  throw new Error('the workers have not joined within two minutes');
}
