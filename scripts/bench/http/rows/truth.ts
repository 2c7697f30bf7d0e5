import { setTimeout as pause } from 'node:timers/promises';
import { median } from '../../support.js';
import type { Bench, Line, Row } from '../bench.js';
import { DrumlineCluster } from '../drumline-cluster.js';
import { cpuSecondsOf } from '../process-tree.js';
import type { Truth } from '../processes/truth-server.js';
import { startTruthTarget, type TruthTarget } from '../truth-target.js';

const DELAY_MS = 5;
const FIRST_USERS = 200;
/** Looks at the lane's CPU, and changes of the number of users after them, until that is as wanted. */
const STEPS = 8;
const STEP_SECONDS = 2;
const CLOSE_ENOUGH = 0.03;
/** Above this share of a core a report warns. */
const FLAGGED_ABOVE = 0.7;

/** How far a lane at a share of its core may report the median from the truth. */
const LEVELS = [
  { share: 0.5, atMostMs: 0.3 },
  { share: 0.9, atMostMs: 1.2 },
];

interface Reading {
  /** Of the lane's core. */
  readonly share: number;
  readonly truth: Truth;
  readonly reported: Pick<Truth, 'p50Ms' | 'p99Ms'>;
  /** Whether the report warns of a busy lane. */
  readonly flagged: boolean;
}

/** Reported response times beside those that the target has really taken. */
export const TRUTH_ROW: Row = {
  group: 'truth',
  title: `response times of ${DELAY_MS} ms`,
  run: holdAgainstTruth,
};

async function holdAgainstTruth(bench: Bench): Promise<Line[]> {
  const target = await startTruthTarget(DELAY_MS, bench.cores.target);
  const lines: Line[] = [];
  for (const { share, atMostMs } of LEVELS) {
    const readings: Reading[] = [];
    for (let run = 1; run <= bench.runs; run += 1) {
      const reading = await read(bench, target, share);
      readings.push(reading);
      bench.say(`${TRUTH_ROW.title}, run ${run} of ${bench.runs}: ${describe(reading)}`);
    }
    lines.push(lineOf(share, atMostMs, readings));
  }
  await target.close();
  return lines;
}

function lineOf(share: number, atMostMs: number, readings: readonly Reading[]): Line {
  const middle = (pick: (reading: Reading) => number): string => median(readings.map(pick)).toFixed(2);
  const error = middle(errorMs);
  const flagged = readings.filter((reading) => reading.flagged).length;
  return {
    what: `${TRUTH_ROW.title}, lane at ${Math.round(share * 100)} % of a core`,
    ours: `p50 ${middle(({ reported }) => reported.p50Ms)}, p99 ${middle(({ reported }) => reported.p99Ms)} ms`,
    beside: `truth ${middle(({ truth }) => truth.p50Ms)}, ${middle(({ truth }) => truth.p99Ms)} ms; flagged ${flagged} of ${readings.length}`,
    ratio: `${error} ms off`,
    goal: `≤ ${atMostMs} ms${share > FLAGGED_ABOVE ? ', flagged' : ''}`,
    met: Number(error) <= atMostMs && (share < FLAGGED_ABOVE || flagged === readings.length),
  };
}

function describe({ share, truth, reported, flagged }: Reading): string {
  const rate = `${truth.requests} requests, lane at ${Math.round(share * 100)} %`;
  return `${rate}: p50 ${reported.p50Ms.toFixed(2)} for ${truth.p50Ms.toFixed(2)} ms${flagged ? ', flagged' : ''}`;
}

function errorMs({ truth, reported }: Reading): number {
  return Math.abs(reported.p50Ms - truth.p50Ms);
}

async function read(bench: Bench, target: TruthTarget, share: number): Promise<Reading> {
  const { cores, span } = bench;
  const places = { cores: cores.generator, masterCores: cores.target };
  const options = { scenario: 'truth', url: target.url, users: FIRST_USERS, ...places };
  const cluster = await DrumlineCluster.start(options);
  await pause(span.warmUp * 1_000);
  let users = FIRST_USERS;
  for (let step = 1; step <= STEPS; step += 1) {
    const used = await shareOf(cluster, STEP_SECONDS);
    if (Math.abs(used - share) < CLOSE_ENOUGH) break;
    // Half of the way to what would be right if a request always cost the same: it costs less the busier a lane is.
    users = Math.max(10, Math.round(users * Math.min(2, (1 + share / used) / 2)));
    await cluster.order('users', { users });
    await pause(1_000);
  }
  await cluster.order('reset');
  target.reset();
  const used = await shareOf(cluster, span.window);
  const truth = await target.report();
  // What the lane has counted is at the master about a second later.
  await pause(1_500);
  const { latencyMs } = (await cluster.stats()).totals;
  const { notes } = await cluster.stop();
  return {
    share: used,
    truth,
    reported: { p50Ms: latencyMs.p50, p99Ms: latencyMs.p99 },
    flagged: notes.some(({ code }) => code === 'lane-busy'),
  };
}

/** Part of a core that the lane uses in the coming seconds. */
async function shareOf(cluster: DrumlineCluster, seconds: number): Promise<number> {
  const lane = cluster.lanePids[0]!;
  const [cpu, startedMs] = [cpuSecondsOf(lane), performance.now()];
  await pause(seconds * 1_000);
  cluster.assertAlive();
  return (cpuSecondsOf(lane) - cpu) / ((performance.now() - startedMs) / 1_000);
}
