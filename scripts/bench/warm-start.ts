// Time from the order to begin a run on a cluster with idle workers to its first request, and where
// the time goes. Goal: 500 ms. Also the memory of an idle worker.
// npm run bench:start -- 7
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startTarget } from '../demo/target.js';
import { LocalCluster, planScenario } from '../runs/local-cluster.js';
import { childrenOf } from '../soak/processes.js';
import { describeMachine, median } from './support.js';

const RUNS = Number(process.argv[2] ?? 7);
const WORKERS = 2;
const LANES = 2;
const scenario = fileURLToPath(new URL('../../../scripts/bench/scenarios/simplest.ts', import.meta.url));

/** What happens from the order to the first request, each with the time since the order. */
interface Phases {
  readonly loaded: number;
  readonly started: number;
  readonly firstRequest: number;
}

const target = await startTarget();
const planned = await planScenario(scenario, { target: target.url });
const local = await LocalCluster.open();
for (let number = 1; number <= WORKERS; number += 1) local.join(`w${number}`, '--lanes', String(LANES));
await local.haveIdle(WORKERS);
const [idleMb, idleLaneMb] = memoryOf();
const all: Phases[] = [];
for (let number = 0; number <= RUNS; number += 1) {
  const phases = await measure();
  // The first run compiles what the master needs.
  if (number > 0) all.push(phases);
  await local.haveIdle(WORKERS);
}
await local.close();
await target.close();

const of = (key: keyof Phases): number => Math.round(median(all.map((phases) => phases[key])));
console.log(describeMachine());
console.log(
  `First request of a run on ${WORKERS} idle workers with ${LANES} lanes each after ${of('firstRequest')} ms (median of ${RUNS}; ${all.map(({ firstRequest }) => Math.round(firstRequest)).join(', ')}):`,
);
console.log(
  `lanes loaded after ${of('loaded')} ms, start ordered after ${of('started')} ms, first request after ${of('firstRequest')} ms.`,
);
console.log(`An idle worker: ${idleMb} MB, and ${idleLaneMb} MB for each lane.`);

async function measure(): Promise<Phases> {
  const first = new Promise<number>((resolve) => {
    target.server.once('request', () => resolve(performance.now()));
  });
  const { run, askedAtMs, finished } = local.begin(planned);
  const at = new Map<string, number>();
  run.events.subscribe((event) => {
    if (event.type === 'state') at.set(event.state, performance.now() - askedAtMs);
  });
  const firstRequest = (await first) - askedAtMs;
  run.stop('requested');
  await finished;
  return { loaded: at.get('preparing')!, started: at.get('running')!, firstRequest };
}

/** Proportional memory of a worker and of a lane, in MB: shared pages count once. */
function memoryOf(): [number, number] {
  const pids = local.workers.map(({ pid }) => pid);
  const lanes = pids.flatMap((pid) => childrenOf(pid));
  return [median(pids.map(memoryMb)), median(lanes.map(memoryMb))].map(Math.round) as [number, number];
}

function memoryMb(pid: number): number {
  const kb = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  return Number(kb) / 1_000;
}
