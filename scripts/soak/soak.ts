// A long run with joining and leaving workers and 5,000 request names. Exits with 1 if memory grows
// beyond the bound, or if the totals differ from the target by more than the report states.
// npm run soak -- --minutes 60
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { RunResult } from '@drumline/wire';
import { describeMachine } from '../bench/support.js';
import { startTarget } from '../demo/target.js';
import { Churn } from './churn.js';
import { MemoryWatch } from './memory.js';
import { childrenOf, CliProcess, commandOf } from './processes.js';
import { countsReport, memoryReport } from './report.js';

const SCENARIO = fileURLToPath(new URL('../../soak/scenario.ts', import.meta.url));
const SAMPLE_EVERY_MS = 10_000;
const CHANGE_EVERY_MS = 20_000;
const PRINT_EVERY_MS = 60_000;
/** The permanent workers, whose memory is sampled. */
const RESIDENTS = ['resident-1', 'resident-2'];

const { minutes } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } }).values;
const durationMs = Number(minutes) * 60_000;

const folder = await mkdtemp(join(tmpdir(), 'drumline-soak-'));
const target = await startTarget();
const json = join(folder, 'result.json');
const places = ['--json', json, '--no-html', '--data-dir', join(folder, 'data')];
const ports = ['--bind', 'tcp://127.0.0.1:0', '--api', '127.0.0.1:0'];
const master = new CliProcess(
  'master',
  SCENARIO,
  '-H',
  target.url,
  '--expect-workers',
  String(RESIDENTS.length),
  ...places,
  ...ports,
);
const address = await master.prints(/join at (tcp:\S+)/);
const api = await master.prints(/API at (http:\S+)/);
const startWorker = (name: string): CliProcess =>
  new CliProcess('worker', '--master', address, '--name', name, '--lanes', '1');
const residents = RESIDENTS.map((name) => ({ name, process: startWorker(name) }));
const churn = new Churn(startWorker);
const memory = new MemoryWatch();

console.log(
  `${describeMachine()}; ${minutes} minutes, a change of workers every ${CHANGE_EVERY_MS / 1_000} s`,
);
while (target.count === 0) await pause(50);
const sampling = setInterval(() => void sample(), SAMPLE_EVERY_MS);
const progress = setInterval(printProgress, PRINT_EVERY_MS);
const changing = setInterval(() => churn.step(), CHANGE_EVERY_MS);
await Promise.race([pause(durationMs), master.ended()]);
clearInterval(changing);
clearInterval(progress);
clearInterval(sampling);
master.child.kill('SIGINT');
await master.ended();
await Promise.all(residents.map((resident) => resident.process.ended()));
await churn.over();
const text = await readFile(json, 'utf8').catch(() => {
  throw new Error(`there is no result; output of the master:\n${master.output}`);
});
const result = JSON.parse(text) as RunResult;
await target.close();
await rm(folder, { recursive: true });

const { changes } = churn;
console.log(`${changes.joined} workers joined, ${changes.killed} were killed, ${changes.left} left.\n`);
const reports = [memoryReport(memory.curves, durationMs), countsReport(result, target.count)];
for (const { lines } of reports) console.log(`${lines.join('\n')}\n`);
process.exitCode = reports.every(({ passed }) => passed) ? 0 : 1;

/** Prints progress. */
function printProgress(): void {
  const { joined, killed, left } = churn.changes;
  const megabytes = memory.curves.map(
    ({ role, samples }) => `${role} ${Math.round(samples.at(-1)!.rssBytes / 1e6)}`,
  );
  console.log(
    `${target.count} requests; ${joined} workers joined, ${killed + left} are gone; MB: ${megabytes.join(', ')}`,
  );
}

/** Polls the API at the rate of a person, and samples the memory. */
async function sample(): Promise<void> {
  for (const path of ['status', 'stats', 'workers']) {
    await fetch(`${api}/v1/runs/current/${path}`).then(
      (response) => response.text(),
      () => {},
    );
  }
  const pids = new Map([['master', master.pid]]);
  for (const pid of childrenOf(master.pid))
    pids.set(commandOf(pid).includes('esbuild') ? 'bundler' : 'scenario host', pid);
  for (const { name, process: worker } of residents) {
    pids.set(name, worker.pid);
    childrenOf(worker.pid).forEach((pid, n) => pids.set(`${name}, lane ${n}`, pid));
  }
  memory.sample(pids);
}
