// Cost of shared values: time of a call, and calls a second, by the number of users.
// npm run bench:shared
import { fork } from 'node:child_process';
import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeMachine } from './support.js';

const BIN = fileURLToPath(new URL('../../../packages/drumline/bin/drumline.js', import.meta.url));
const SECONDS = 6;

const directory = mkdtempSync(join(tmpdir(), 'drumline-bench-'));
const scenario = join(directory, 'shared.mjs');
const result = join(directory, 'result.json');

/** What each user calls again and again. */
const CALLS = {
  'counter.add': 'orders.add(1)',
  'queue.push, queue.pop': 'jobs.push({ id: 1 }).then(() => jobs.pop())',
  'map.update': "sessions.update('user-' + user.index, (value = 0) => value + 1)",
};

try {
  console.log(describeMachine());
  console.log(`fsync of this disk: p50 ${fsyncMs().toFixed(1)} ms`);
  for (const [name, call] of Object.entries(CALLS)) {
    for (const [users, store] of [
      [1, []],
      [100, []],
      [1_000, []],
      [1, ['--no-store']],
      [1_000, ['--no-store']],
    ] as const) {
      writeScenario(call);
      await run(users, store);
      const { totals } = JSON.parse(readFileSync(result, 'utf8')) as {
        totals: { rate: number; latencyMs: { p50: number; p99: number } };
      };
      const { rate, latencyMs } = totals;
      console.log(
        `${name}, ${users} users${store.map((option) => `, ${option}`).join('')}: ${Math.round(rate)}/s, p50 ${latencyMs.p50.toFixed(1)} ms, p99 ${latencyMs.p99.toFixed(1)} ms`,
      );
    }
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** The median time in which the disk stores a page. */
function fsyncMs(): number {
  const file = openSync(join(directory, 'page'), 'w');
  const times = Array.from({ length: 41 }, () => {
    writeSync(file, Buffer.alloc(4_096));
    const begin = performance.now();
    fsyncSync(file);
    return performance.now() - begin;
  });
  closeSync(file);
  return times.sort((a, b) => a - b)[20]!;
}

function writeScenario(call: string): void {
  writeFileSync(
    scenario,
    `import { scenario, shared, user } from 'drumline';
const orders = shared.counter('orders');
const jobs = shared.queue('jobs');
const sessions = shared.map('sessions');
const u = user('u', { tasks: { t: ({ measure, user }) => measure({ protocol: 'shared', name: 'call' }, () => ${call}) } });
export default scenario({ users: [u] });`,
  );
}

function run(users: number, more: readonly string[]): Promise<void> {
  const load = ['-u', String(users), '-t', `${SECONDS}s`, '--lanes', '1'];
  const quiet = ['--no-html', '--quiet', '--api', '127.0.0.1:0', '--json', result];
  const child = fork(BIN, ['run', scenario, ...load, ...quiet, ...more], { cwd: directory, stdio: 'ignore' });
  return new Promise((resolve) => child.once('exit', () => resolve()));
}
