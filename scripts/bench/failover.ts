// Sends SIGKILL to one of three workers. Measures how long the master takes to notice, and how long
// until other workers run its users.
// Goals: noticed within 3.5 s, users placed within one more second.
// npm run bench:failover
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startMaster } from '@drumline/master';
import { startTarget } from '../demo/target.js';
import { pause } from './cluster.js';
import { describeMachine, median } from './support.js';

const RUNS = Number(process.argv[2] ?? 5);
const USERS = 30;
const scenario = fileURLToPath(new URL('../../bench/scenarios/simplest.ts', import.meta.url));

const noticed: number[] = [];
const placed: number[] = [];
const target = await startTarget();
for (let run = 0; run < RUNS; run += 1) {
  const master = await startMaster(
    {
      scenario,
      overrides: { users: USERS, target: target.url },
      bind: 'tcp://127.0.0.1:0',
      api: null,
      expectWorkers: 3,
      expectWorkersMaxWaitMs: 30_000,
      autostart: true,
      heartbeatMs: 1_000,
      missingAfterMs: 3_000,
      dataDir: null,
    },
    () => {},
  );
  const workers = [1, 2, 3].map((n) => startWorkerProcess(master.workerAddress, `w${n}`));
  const status = (): ReturnType<typeof master.control.status> => master.control.status();
  while (status().users < USERS) await pause(50);
  await pause(1_000 + 200 * run);
  const killedMs = performance.now();
  workers[1]!.kill('SIGKILL');
  while (status().workers.missing === 0) await pause(10);
  noticed.push(performance.now() - killedMs);
  while (status().users < USERS) await pause(10);
  placed.push(performance.now() - killedMs);
  master.stop('requested');
  await master.finished;
  await master.close();
  await Promise.all(workers.map((worker) => exited(worker)));
}
await target.close();
const show = (times: number[]): string =>
  `${(median(times) / 1_000).toFixed(1)} s (median of ${RUNS}; ${times.map((ms) => (ms / 1_000).toFixed(1)).join(', ')})`;
console.log(describeMachine());
console.log(`Noticed after ${show(noticed)}`);
console.log(`All ${USERS} users run again, according to the workers’ heartbeats, after ${show(placed)}`);

function startWorkerProcess(master: string, name: string): ChildProcess {
  const bin = fileURLToPath(new URL('../../../packages/drumline/bin/drumline.js', import.meta.url));
  return fork(bin, ['worker', '--master', master, '--name', name, '--lanes', '1'], {
    stdio: 'ignore',
    execArgv: [],
  });
}

async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
