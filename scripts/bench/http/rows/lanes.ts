import { setTimeout as pause } from 'node:timers/promises';
import { median } from '../../support.js';
import type { Line } from '../../harness/bench.js';
import { DrumlineCluster } from '../../harness/drumline-cluster.js';
import type { HttpBench, HttpRow } from '../bench.js';

const USERS = 100;
const GOAL = 2;
/** Two lanes and a control process need their own cores beside the target's. */
const CORES_NEEDED = 2;

/** Compares the load of two lanes on two cores with one lane on one core. */
export const LANES_ROW: HttpRow = { group: 'lanes', title: 'two lanes beside one', run: compareLanes };

async function compareLanes(bench: HttpBench): Promise<Line[]> {
  const rates: number[][] = [[], []];
  for (let run = 1; run <= bench.runs; run += 1) {
    for (const lanes of [1, 2]) {
      const rate = await rateOf(bench, lanes);
      rates[lanes - 1]!.push(rate);
      bench.say(`${LANES_ROW.title}, run ${run} of ${bench.runs}: ${lanes} lanes ${Math.round(rate)}/s`);
    }
  }
  const [one, two] = rates as [number[], number[]];
  const ratio = median(two.map((rate, run) => rate / one[run]!));
  const enough = bench.cores.otherCount >= CORES_NEEDED && bench.cores.others !== undefined;
  return [
    {
      what: `${LANES_ROW.title}${enough ? '' : ' (of no meaning here: too few cores beside the target’s)'}`,
      ours: `${Math.round(median(two))}/s`,
      beside: `one lane ${Math.round(median(one))}/s`,
      ratio: ratio.toFixed(2),
      goal: enough ? `about ${GOAL}` : '',
      ...(enough && { met: ratio >= 0.95 * GOAL }),
    },
  ];
}

/** Requests a second of a worker with this many lanes, in a closed loop. */
async function rateOf({ target, cores, span }: HttpBench, lanes: number): Promise<number> {
  const options = { scenario: 'http/status', url: target.urlOf('plain'), users: USERS, lanes };
  const cluster = await DrumlineCluster.start({ ...options, cores: cores.others, masterCores: cores.target });
  await pause(span.warmUp * 1_000);
  const [before, startedMs] = [await target.requests(), performance.now()];
  await pause(span.window * 1_000);
  const rate = ((await target.requests()) - before) / ((performance.now() - startedMs) / 1_000);
  await cluster.stop();
  return rate;
}
