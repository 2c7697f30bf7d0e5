import { setTimeout as pause } from 'node:timers/promises';
import { median } from '../../support.js';
import type { Bench, Line, Row } from '../bench.js';
import { DrumlineCluster } from '../drumline-cluster.js';
import { openFileLimit } from '../machine.js';
import { residentBytes } from '../process-tree.js';

const GOAL_KB = 10;
const USERS = 5_000;
/** Users whose memory is not counted: with them the lane's code is warm and its heap has its working size. */
const FIRST_USERS = 500;
/** Until garbage of the start is gone, seconds. */
const SETTLE_SECONDS = 10;

/** Memory of a lane for each user that has made one request and waits, its connection kept. */
export const MEMORY_ROW: Row = { group: 'memory', title: 'a waiting user with its connection', run: weigh };

async function weigh(bench: Bench): Promise<Line[]> {
  // A lane has some files of its own, and so has the target.
  const users = Math.min(USERS, openFileLimit() - 500);
  const costs: number[] = [];
  for (let run = 1; run <= bench.runs; run += 1) {
    const cost = await weighOnce(bench, users);
    costs.push(cost);
    bench.say(`${MEMORY_ROW.title}, run ${run} of ${bench.runs}: ${(cost / 1_000).toFixed(1)} KB`);
  }
  const cost = median(costs) / 1_000;
  const what = `${MEMORY_ROW.title} (${users} users)`;
  const [goal, met] = [`≤ ${GOAL_KB} KB`, cost <= GOAL_KB];
  return [{ what, ours: `${cost.toFixed(1)} KB`, beside: '', ratio: '', goal, met }];
}

/** @returns bytes for each user */
async function weighOnce({ target, cores }: Bench, users: number): Promise<number> {
  const places = { cores: cores.generator, masterCores: cores.target };
  const url = target.urlOf('plain');
  const before = await target.requests();
  const cluster = await DrumlineCluster.start({ scenario: 'waiting', url, users: FIRST_USERS, ...places });
  const settled = async (wanted: number): Promise<number> => {
    while ((await target.requests()) - before < wanted) await pause(100);
    await pause(SETTLE_SECONDS * 1_000);
    return residentBytes(cluster.lanePids[0]!);
  };
  const first = await settled(FIRST_USERS);
  await cluster.order('users', { users });
  const all = await settled(users);
  await cluster.stop();
  return (all - first) / (users - FIRST_USERS);
}
