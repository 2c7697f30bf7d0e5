// Measures how heavy neighbors affect light HTTP users, in the same lane and in a lane group of
// their own. The neighbors start and stop several times in each run, so that noise of a shared
// machine affects both sides. They use a separate target, so that any difference comes from the
// load generator. Goal: p99 moves by less than 10 % with groups. Needs a free core for each lane.
// npm run bench:isolation [-- NEIGHBOR PAIRS]: NEIGHBOR is a scenario of `scenarios/isolation`,
// its target one of `isolation`.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { pause, startCluster, type BenchCluster } from './cluster.js';
import { othersShare, QUIET, watch } from './harness/slices.js';
import { describeMachine, median, quantile } from './support.js';

const NEIGHBOR = process.argv[2] ?? 'json';
const PAIRS = Number(process.argv[3] ?? 10);
/** As in `scenarios/isolation/visitors.ts`: the first users are visitors, all others neighbors. */
const VISITORS = 20;
const NEIGHBORS = 5;
const SETTLE_MS = 2_000;
const SLICE_SECONDS = 5;
/** Fewer quiet pairs than this are not significant. */
const ENOUGH = 3;

const PLACES = ['same lane', 'own group'] as const;
type Place = (typeof PLACES)[number];

/** The visitors' figures in one slice of time. */
interface Slice {
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  /** Requests or calls of the neighbors per second. */
  readonly neighbourRate: number;
  /** Share of the machine that other processes used, in percent. */
  readonly othersPercent: number;
}

/** A slice without neighbors and the following slice with them. */
interface Pair {
  readonly alone: Slice;
  readonly beside: Slice;
}

const [target, neighbourTarget] = await Promise.all([
  startTarget('../demo/target.js'),
  startTarget(`isolation/${NEIGHBOR}.js`),
]);
process.env['BENCH_NEIGHBOR'] = neighbourTarget.url;
const seen: Record<Place, Pair[]> = { 'same lane': [], 'own group': [] };
for (const place of PLACES) seen[place] = await visit(place);
for (const { child } of [target, neighbourTarget]) child.kill();

const load = loadavg().map((one) => one.toFixed(1));
console.log(`${describeMachine()}, load ${load.join(' ')}`);
console.log(
  `${VISITORS} HTTP users; ${PAIRS} pairs of ${SLICE_SECONDS} s without and with ${NEIGHBORS} '${NEIGHBOR}' users; medians, and ratios within a pair (quartiles):`,
);
for (const place of PLACES) console.log(linesOf(place, seen[place]));

function linesOf(place: Place, all: readonly Pair[]): string {
  const quiet = all.filter((pair) => [pair.alone, pair.beside].every(isQuiet));
  const pairs = quiet.length >= ENOUGH ? quiet : all;
  const of = (side: keyof Pair, field: keyof Slice): number => median(pairs.map((pair) => pair[side][field]));
  const move = (field: keyof Slice): string =>
    `${of('alone', field).toFixed(2)} → ${of('beside', field).toFixed(2)}`;
  const ratio = (field: keyof Slice): string => {
    const ratios = pairs.map(({ alone, beside }) => beside[field] / alone[field]);
    const [low, middle, high] = [0.25, 0.5, 0.75].map((part) => quantile(ratios, part).toFixed(2));
    return `× ${middle} (${low} to ${high})`;
  };
  return [
    pairs === quiet
      ? `${place}, ${quiet.length} quiet pairs`
      : `${place}, TOO FEW QUIET PAIRS: others disturbed`,
    ...(['p50Ms', 'p90Ms', 'p99Ms'] as const).map(
      (field) => `${field.slice(0, 3)} ${move(field)} ms, ${ratio(field)}`,
    ),
    `neighbors ${of('beside', 'neighbourRate').toFixed(1)}/s; others took ${move('othersPercent')} % of the machine`,
  ].join('\n  ');
}

function isQuiet({ othersPercent }: Slice): boolean {
  return othersPercent < QUIET * 100;
}

async function visit(place: Place): Promise<Pair[]> {
  process.env['BENCH_PLACE'] = place;
  const cluster = await startCluster(`isolation/${NEIGHBOR}`, target.url);
  while (cluster.master.control.status().users < VISITORS) await pause(50);
  // Warm up: code that V8 has not compiled yet is slow.
  await observe(cluster, VISITORS + NEIGHBORS);
  const pairs: Pair[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const alone = await observe(cluster, VISITORS);
    pairs.push({ alone, beside: await observe(cluster, VISITORS + NEIGHBORS) });
  }
  await cluster.end();
  return pairs;
}

async function observe({ master: { control } }: BenchCluster, users: number): Promise<Slice> {
  control.setUsers({ users });
  await pause(SETTLE_MS);
  control.reset();
  const machine = await watch(process.pid, () => Promise.resolve(0), SLICE_SECONDS);
  const { series } = control.stats();
  const visitors = series.find(({ user }) => user === 'visitor')!;
  const neighbors = series.filter(({ user }) => user === 'neighbour');
  return {
    p50Ms: visitors.latencyMs.p50,
    p90Ms: visitors.latencyMs.p90,
    p99Ms: visitors.latencyMs.p99,
    neighbourRate: neighbors.reduce((sum, { rate }) => sum + rate, 0),
    othersPercent: othersShare(machine) * 100,
  };
}

interface Target {
  readonly child: ChildProcess;
  readonly url: string;
}

/** Starts a target that reports its address. */
async function startTarget(script: string): Promise<Target> {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), ['--port', '0'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return { child, url };
}
