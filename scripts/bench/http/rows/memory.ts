import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { median } from '../../support.js';
import type { Bench, Line, Row } from '../bench.js';
import { DrumlineCluster } from '../drumline-cluster.js';
import { temporaryFolder } from '../launch.js';
import { openFileLimit } from '../machine.js';
import { residentBytes } from '../process-tree.js';

const GOAL_KB = 10;
const USERS = 5_000;
/** Users whose memory is not counted: with them the lane's code is warm and its heap has its working size. */
const FIRST_USERS = 500;
/** Users started each second after them. */
const SPAWN_RATE = 500;
const SETTLE_MS = 5_000;

/** Bytes for each user. */
interface Weight {
  readonly resident: number;
  /** Without garbage and without what V8 keeps for later. */
  readonly living: number;
}

/** Memory of a lane for each user that has made one request and waits, its connection kept. */
export const MEMORY_ROW: Row = { group: 'memory', title: 'a waiting user with its connection', run: weigh };

async function weigh(bench: Bench): Promise<Line[]> {
  // A lane has some files of its own, and so has the target.
  const users = Math.min(USERS, openFileLimit() - 500);
  const weights: Weight[] = [];
  for (let run = 1; run <= bench.runs; run += 1) {
    const weight = await weighOnce(bench, users);
    weights.push(weight);
    const words = `${kilobytes([weight.resident])}, living ${kilobytes([weight.living])}`;
    bench.say(`${MEMORY_ROW.title}, run ${run} of ${bench.runs}: ${words}`);
  }
  const resident = weights.map((weight) => weight.resident);
  return [
    {
      what: `${MEMORY_ROW.title} (${users} users)`,
      ours: kilobytes(resident),
      beside: `of it alive ${kilobytes(weights.map(({ living }) => living))}`,
      ratio: '',
      goal: `≤ ${GOAL_KB} KB`,
      met: median(resident) <= GOAL_KB * 1_000,
    },
  ];
}

async function weighOnce({ target, cores }: Bench, users: number): Promise<Weight> {
  const file = join(temporaryFolder(), 'living');
  const url = target.urlOf('plain');
  const before = await target.requests();
  const cluster = await DrumlineCluster.start({
    scenario: 'waiting',
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
  const weigh = async (wanted: number): Promise<Weight> => {
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
  const first = await weigh(FIRST_USERS);
  await cluster.order('users', { users, spawnRate: SPAWN_RATE });
  const all = await weigh(users);
  const connections = await target.connections();
  await cluster.stop();
  if (connections < users) throw new Error(`only ${connections} of ${users} connections were kept`);
  const came = users - FIRST_USERS;
  return { resident: (all.resident - first.resident) / came, living: (all.living - first.living) / came };
}

function kilobytes(bytes: readonly number[]): string {
  return `${(median(bytes) / 1_000).toFixed(1)} KB`;
}
