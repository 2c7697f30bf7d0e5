// Time from the submission of a run to a service with idle workers to its first request, with
// `drumline serve`, its workers and `drumline submit` as processes. Goal: 500 ms from the answer.
// npm run bench:start
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTarget } from '../demo/target.js';
import { planScenario } from '../runs/local-cluster.js';
import { ServedCluster } from '../runs/served-cluster.js';
import { CliProcess } from '../soak/processes.js';
import { describeMachine, median } from './support.js';

const RUNS = Number(process.argv[2] ?? 7);
const WORKERS = 2;
const LANES = 2;
const scenario = fileURLToPath(new URL('../../../scripts/bench/scenarios/simplest.ts', import.meta.url));

const target = await startTarget();
const planned = await planScenario(scenario, { target: target.url });
const dataDir = await mkdtemp(join(tmpdir(), 'drumline-bench-'));
const cluster = await ServedCluster.open(dataDir);
for (let number = 1; number <= WORKERS; number += 1) cluster.join(`w${number}`, '--lanes', String(LANES));
await cluster.haveJoined(WORKERS);
const answered: number[] = [];
const commands: number[] = [];
for (let number = 0; number <= RUNS; number += 1) {
  const [ofAnswer, ofCommand] = [await fromAnswer(), await fromCommand()];
  // The first runs compile what the master needs.
  if (number === 0) continue;
  answered.push(ofAnswer);
  commands.push(ofCommand);
}
await cluster.close();
await target.close();
await rm(dataDir, { recursive: true, force: true });

console.log(describeMachine());
console.log(
  `First request of a run that is submitted to a service with ${WORKERS} idle workers with ${LANES} lanes each:`,
);
console.log(`${summary(answered)} after POST /v1/runs was answered,`);
console.log(`${summary(commands)} after \`drumline submit\` was started.`);

/** Submits through the control API. */
async function fromAnswer(): Promise<number> {
  const first = firstRequest();
  const { runId } = await cluster.submit(planned);
  const answeredAtMs = performance.now();
  const tookMs = (await first) - answeredAtMs;
  await end(runId);
  return tookMs;
}

/** Submits with the command. */
async function fromCommand(): Promise<number> {
  const first = firstRequest();
  const startedAtMs = performance.now();
  const { url } = cluster.client;
  const command = new CliProcess('submit', scenario, '--target', target.url, '--api', url);
  const tookMs = (await first) - startedAtMs;
  const runId = await command.prints(/^([0-9a-f-]{36})$/m);
  await command.ended();
  await end(runId);
  return tookMs;
}

/** Resolves with the time of the next request at the target. */
async function firstRequest(): Promise<number> {
  return await new Promise((resolve) => {
    target.server.once('request', () => resolve(performance.now()));
  });
}

/** Ends a run, and waits until its workers are idle. */
async function end(runId: string): Promise<void> {
  await cluster.client.run(runId).stop();
  const isIdle = async (): Promise<boolean> =>
    (await cluster.client.workers()).every((worker) => worker.runId === null);
  while (!(await isIdle())) await new Promise((resolve) => setTimeout(resolve, 50));
  // Their next processes are ready soon after.
  await new Promise((resolve) => setTimeout(resolve, 5_000));
}

function summary(times: readonly number[]): string {
  const list = times.map((ms) => Math.round(ms)).join(', ');
  return `${Math.round(median(times))} ms (median of ${times.length}; ${list})`;
}
