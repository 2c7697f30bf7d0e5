import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { median } from '../support.js';
import type { Bench, CountingTarget } from './bench.js';
import { DrumlineCluster } from './drumline-cluster.js';
import { temporaryFolder } from './launch.js';
import { openFileLimit } from './machine.js';
import { residentBytes } from './process-tree.js';

const USERS = 5_000;
/** Users started before measuring memory. They warm up the lane's code and grow its heap. */
const FIRST_USERS = 500;
/** Users started each second after the first ones. */
const SPAWN_RATE = 500;
const SETTLE_MS = 5_000;

/** Bytes for each user. */
export interface Weight {
  readonly resident: number;
  /** Excludes garbage and memory that V8 reserves. */
  readonly living: number;
}

/** A target that knows how many connections are open. */
export interface ConnectedTarget extends CountingTarget {
  connections(): Promise<number>;
}

export interface Weighing {
  readonly title: string;
  readonly scenario: string;
  readonly url: string;
  /** Connections kept by this many users. */
  readonly connectionsOf: (users: number) => number;
}

/** The number of users to measure. The lane and the target also need some open files. */
export function weighedUsers(): number {
  return Math.min(USERS, openFileLimit() - 500);
}

/** Memory of a lane for each user that waits after one request, measured once for each run. */
export async function weigh(weighing: Weighing, bench: Bench<ConnectedTarget>): Promise<Weight[]> {
  const weights: Weight[] = [];
  for (let run = 1; run <= bench.runs; run += 1) {
    const weight = await weighOnce(weighing, bench);
    weights.push(weight);
    const words = `${kilobytes([weight.resident])}, living ${kilobytes([weight.living])}`;
    bench.say(`${weighing.title}, run ${run} of ${bench.runs}: ${words}`);
  }
  return weights;
}

async function weighOnce(
  { scenario, url, connectionsOf }: Weighing,
  { target, cores }: Pick<Bench<ConnectedTarget>, 'target' | 'cores'>,
): Promise<Weight> {
  const users = weighedUsers();
  const file = join(temporaryFolder(), 'living');
  const before = await target.requests();
  const cluster = await DrumlineCluster.start({
    scenario,
    url,
    users: FIRST_USERS,
    cores: cores.generator,
    masterCores: cores.target,
    env: { DRUMLINE_BENCH_MEMORY: file },
  });
  const lane = cluster.lanePids[0]!;
  const next = async (): Promise<void> => {
    cluster.assertAlive();
    await pause(100);
  };
  const weighAt = async (wanted: number): Promise<Weight> => {
    while ((await target.requests()) - before < wanted) await next();
    await pause(SETTLE_MS);
    const resident = residentBytes(lane);
    process.kill(lane, 'SIGUSR2');
    while (!existsSync(file)) await next();
    await pause(SETTLE_MS);
    const living = Number(readFileSync(file, 'utf8'));
    rmSync(file);
    return { resident, living };
  };
  const first = await weighAt(FIRST_USERS);
  await cluster.order('users', { users, spawnRate: SPAWN_RATE });
  const all = await weighAt(users);
  const connections = await target.connections();
  await cluster.stop();
  if (connections < connectionsOf(users))
    throw new Error(`only ${connections} of ${connectionsOf(users)} connections were kept`);
  const came = users - FIRST_USERS;
  return { resident: (all.resident - first.resident) / came, living: (all.living - first.living) / came };
}

/** The median as text. */
export function kilobytes(bytes: readonly number[]): string {
  return `${(median(bytes) / 1_000).toFixed(1)} KB`;
}
