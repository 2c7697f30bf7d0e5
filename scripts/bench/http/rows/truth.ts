import { setTimeout as pause } from 'node:timers/promises';
import type { StatsView } from '@drumline/wire';
import { median } from '../../support.js';
import type { Line } from '../../harness/bench.js';
import { DrumlineCluster } from '../../harness/drumline-cluster.js';
import { othersShare, QUIET, watch } from '../../harness/slices.js';
import type { HttpBench, HttpRow } from '../bench.js';
import type { Truth } from '../processes/truth-server.js';
import { startTruthTarget, type TruthTarget } from '../truth-target.js';

const DELAY_MS = 5;
const FIRST_USERS = 200;
/** Number of times the users are adjusted to reach the wanted CPU of the lane. */
const STEPS = 12;
const STEP_SECONDS = 2;
const CLOSE_ENOUGH = 0.03;
/** A run that is off by more than this does not count. */
const TOO_FAR = 0.1;
/** Share of a core above which a report warns. */
const FLAGGED_ABOVE = 0.7;

/** The allowed error of the reported median, by the lane's share of its core. */
const LEVELS = [
  { share: 0.5, atMostMs: 0.3 },
  { share: 0.9, atMostMs: 1.2 },
];

interface Reading {
  /** Of the lane's core. */
  readonly share: number;
  /** Share of the machine that other processes used meanwhile. */
  readonly others: number;
  readonly truth: Truth;
  readonly reported: Pick<Truth, 'p50Ms' | 'p99Ms'>;
  /** Whether the report warns of a busy lane. */
  readonly flagged: boolean;
}

/** Compares reported response times with those measured at the target. */
export const TRUTH_ROW: HttpRow = {
  group: 'truth',
  title: `response times of ${DELAY_MS} ms`,
  run: holdAgainstTruth,
};

async function holdAgainstTruth(bench: HttpBench): Promise<Line[]> {
  const target = await startTruthTarget(DELAY_MS, bench.cores.target);
  const lines: Line[] = [];
  for (const { share, atMostMs } of LEVELS) {
    const readings: Reading[] = [];
    for (let run = 1; run <= bench.runs; run += 1) {
      const reading = await read(bench, target, share);
      readings.push(reading);
      bench.others.push(reading.others);
      bench.say(`${TRUTH_ROW.title}, run ${run} of ${bench.runs}: ${describe(reading)}`);
    }
    lines.push(lineOf(share, atMostMs, readings));
  }
  await target.close();
  return lines;
}

function lineOf(share: number, atMostMs: number, all: readonly Reading[]): Line {
  const what = `${TRUTH_ROW.title}, lane at ${Math.round(share * 100)} % of a core`;
  const readings = all.filter((reading) => Math.abs(reading.share - share) < TOO_FAR);
  if (readings.length === 0)
    return { what, ours: 'the lane did not reach it', beside: '', ratio: '', goal: '' };
  const middle = (pick: (reading: Reading) => number): string => median(readings.map(pick)).toFixed(2);
  const error = middle(errorMs);
  const flagged = readings.filter((reading) => reading.flagged).length;
  return {
    what,
    ours: `p50 ${middle(({ reported }) => reported.p50Ms)}, p99 ${middle(({ reported }) => reported.p99Ms)} ms`,
    beside: `truth ${middle(({ truth }) => truth.p50Ms)}, ${middle(({ truth }) => truth.p99Ms)} ms; flagged ${flagged} of ${readings.length}`,
    ratio: `${error} ms off`,
    goal: `≤ ${atMostMs} ms${share > FLAGGED_ABOVE ? ', flagged' : ''}`,
    met: Number(error) <= atMostMs && (share < FLAGGED_ABOVE || flagged === readings.length),
  };
}

function describe({ share, others, truth, reported, flagged }: Reading): string {
  const percent = (part: number): string => `${Math.round(part * 100)} %`;
  const rate = `${truth.requests} requests, lane at ${percent(share)}, others ${percent(others)} of the machine`;
  return `${rate}: p50 ${reported.p50Ms.toFixed(2)} for ${truth.p50Ms.toFixed(2)} ms${flagged ? ', flagged' : ''}`;
}

function errorMs({ truth, reported }: Reading): number {
  return Math.abs(reported.p50Ms - truth.p50Ms);
}

async function read(bench: HttpBench, target: TruthTarget, share: number): Promise<Reading> {
  const { cores, span } = bench;
  const places = { cores: cores.generator, masterCores: cores.target };
  const options = { scenario: 'http/truth', url: target.url, users: FIRST_USERS, ...places };
  const cluster = await DrumlineCluster.start(options);
  await pause(span.warmUp * 1_000);
  let users = FIRST_USERS;
  for (let step = 1; step <= STEPS; step += 1) {
    const { share: used, others } = await watchLane(cluster, STEP_SECONDS);
    if (Math.abs(used - share) < CLOSE_ENOUGH) break;
    // The lane's CPU means nothing while other processes use the machine.
    if (others > QUIET) continue;
    // Go half way: a request costs less the busier a lane is, so the full step would be too long.
    users = Math.max(10, Math.round(users * Math.min(2, (1 + share / used) / 2)));
    await cluster.order('users', { users });
    await pause(1_000);
  }
  await cluster.order('reset');
  target.reset();
  const used = await watchLane(cluster, span.window);
  const truth = await target.report();
  const { latencyMs } = await statsOf(cluster, truth.requests);
  const { notes } = await cluster.stop();
  return {
    ...used,
    truth,
    reported: { p50Ms: latencyMs.p50, p99Ms: latencyMs.p99 },
    flagged: notes.some(({ code }) => code === 'lane-busy'),
  };
}

/** The lane's counts reach the master about a second later. */
async function statsOf(cluster: DrumlineCluster, requests: number): Promise<StatsView['totals']> {
  for (;;) {
    cluster.assertAlive();
    const { totals } = await cluster.stats();
    if (totals.requests >= requests) return totals;
    await pause(100);
  }
}

/** Measures the lane's CPU in the coming seconds. */
async function watchLane(
  cluster: DrumlineCluster,
  seconds: number,
): Promise<{ share: number; others: number }> {
  const slice = await watch(cluster.lanePids[0]!, () => Promise.resolve(0), seconds);
  cluster.assertAlive();
  return { share: slice.cpuSeconds / slice.seconds, others: othersShare(slice) };
}
