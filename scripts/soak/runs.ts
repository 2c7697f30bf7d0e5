// Many runs one after the other on three workers of `drumline serve`, then two at once on disjoint
// workers, one of which is killed. Exits with 1 if a report differs from its target's count, or if
// memory or handles grow.
// npm run soak:runs -- --runs 100
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine } from '../bench/support.js';
import { planScenario, type Planned } from '../runs/local-cluster.js';
import { ServedCluster } from '../runs/served-cluster.js';
import { executeCounted, isExact, sizesOf, type CountedRun, type ProcessSize } from './consecutive.js';

const SCENARIO = fileURLToPath(new URL('../../../test/scenarios/quick.ts', import.meta.url));
const WORKERS = 3;
/** Runs until heaps have reached their size. */
const WARM_UP_RUNS = 20;
const MAX_GROWTH = 0.2;
const MAX_GROWTH_BYTES = 16e6;

const { runs } = parseArgs({ options: { runs: { type: 'string', default: '100' } } }).values;
const count = Number(runs);
const folder = await mkdtemp(join(tmpdir(), 'drumline-runs-'));
const planned = await planScenario(SCENARIO, { runTimeMs: 1_000 });
const plan = (target: string): Planned => ({ ...planned, plan: { ...planned.plan, target } });

const cluster = await ServedCluster.open(folder, '--keep', '10');
for (let number = 1; number <= WORKERS; number += 1) cluster.join(`w${number}`, '--lanes', '1');
await cluster.haveJoined(WORKERS);
console.log(`${describeMachine()}; ${count} runs of one second on ${WORKERS} workers`);

const problems: string[] = [];
const sizes: Map<string, ProcessSize>[] = [];
let requests = 0;
const startedMs = performance.now();
for (let number = 1; number <= count; number += 1) {
  const run = await executeCounted(cluster, plan);
  requests += run.seen;
  expectExact(`run ${number}`, run);
  if (run.result.workers.length !== WORKERS)
    problems.push(`run ${number} had ${run.result.workers.length} of ${WORKERS} workers`);
  sizes.push(sizesOf(cluster));
  if (number % 10 === 0) console.log(`${number} runs, ${requests} requests; ${describeSizes(sizes.at(-1)!)}`);
}
const each = (performance.now() - startedMs) / 1_000 / count;
console.log(`${count} runs with ${requests} requests, ${each.toFixed(1)} s each.`);
checkGrowth();
await runTwo();
await cluster.close();
await rm(folder, { recursive: true });
for (const problem of problems) console.log(`✗ ${problem}`);
console.log(
  problems.length === 0 ? 'Every report equals the count of its target, and nothing grew.' : 'FAILED',
);
process.exitCode = problems.length === 0 ? 0 : 1;

function expectExact(name: string, run: CountedRun): void {
  const { totals, exit, losses = [] } = run.result;
  if (!isExact(run)) problems.push(`${name}: the target saw ${run.seen}, the report has ${totals.requests}`);
  if (losses.length === 0 && exit !== 'passed') problems.push(`${name} ended as ${exit}`);
}

/** One run on two workers, of which one is killed, and one run on the third. */
async function runTwo(): Promise<void> {
  const longer = (target: string): Planned => {
    const { plan: own } = planned;
    return { ...planned, plan: { ...own, target, load: { parts: own.load.parts.map(longerPart) } } };
  };
  const kill = async (runId: string): Promise<void> => {
    while ((await cluster.client.run(runId).status()).state !== 'running') await pause(100);
    await pause(3_000);
    const worker = (await cluster.client.workers()).find((one) => one.runId === runId)!;
    cluster.workers[Number(worker.name.slice(1)) - 1]!.child.kill('SIGKILL');
  };
  const [killed, beside] = await Promise.all([
    executeCounted(cluster, longer, 2, kill),
    executeCounted(cluster, longer, 1),
  ]);
  expectExact('the run that lost a worker', killed);
  expectExact('the run beside it', beside);
  if (killed.result.exit !== 'worker-lost')
    problems.push(`the run that lost a worker ended as ${killed.result.exit}`);
  console.log(
    `Two runs at once, one of which lost a worker: the targets saw ${killed.seen} and ${beside.seen}, the reports have ${killed.result.totals.requests} (${killed.result.exit}) and ${beside.result.totals.requests} (${beside.result.exit}).`,
  );
}

function longerPart(part: Planned['plan']['load']['parts'][number]): typeof part {
  if (part.workload.kind !== 'users') return part;
  const profile = { fromUsers: 10, stages: [{ durationMs: 15_000, toUsers: 10 }] };
  return { ...part, workload: { ...part.workload, profile } };
}

/** Compares the first runs after the warm-up with the last ones. */
function checkGrowth(): void {
  const counted = sizes.slice(Math.min(WARM_UP_RUNS, Math.floor(count / 4)));
  const edge = Math.max(1, Math.floor(counted.length / 6));
  for (const role of counted[0]!.keys()) {
    const mean = (of: (size: ProcessSize) => number, part: typeof counted): number =>
      part.reduce((sum, one) => sum + of(one.get(role)!), 0) / part.length;
    const before = counted.slice(0, edge);
    const after = counted.slice(-edge);
    const [from, to] = [mean(({ rssBytes }) => rssBytes, before), mean(({ rssBytes }) => rssBytes, after)];
    const [opened, open] = [mean(({ handles }) => handles, before), mean(({ handles }) => handles, after)];
    console.log(
      `${role}: ${Math.round(from / 1e6)} MB, then ${Math.round(to / 1e6)} MB; ${Math.round(opened)} handles, then ${Math.round(open)}`,
    );
    if (to > from * (1 + MAX_GROWTH) + MAX_GROWTH_BYTES) problems.push(`the memory of ${role} grew`);
    if (open > opened + 5) problems.push(`the handles of ${role} grew`);
  }
}

function describeSizes(all: ReadonlyMap<string, ProcessSize>): string {
  return [...all]
    .map(([role, { rssBytes, handles }]) => `${role} ${Math.round(rssBytes / 1e6)} MB, ${handles} handles`)
    .join('; ');
}
