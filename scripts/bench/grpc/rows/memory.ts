import type { Line } from '../../harness/bench.js';
import { kilobytes, weigh, weighedUsers } from '../../harness/weigh.js';
import { median } from '../../support.js';
import type { GrpcBench, GrpcRow } from '../bench.js';

const USER_KB = 2.5;
const CHANNEL_KB = 15;

/**
 * Memory of a lane for each user that waits after one call, and for each channel that stays open.
 */
export const MEMORY_ROW: GrpcRow = { group: 'memory', title: 'a waiting user', run };

async function run(bench: GrpcBench): Promise<Line[]> {
  const users = await residentOf('a waiting user', 'grpc/waiting', () => 1, bench);
  const both = await residentOf('a user with a channel', 'grpc/waiting-channels', (count) => count, bench);
  const channels = both.map((bytes, index) => bytes - users[index]!);
  const count = weighedUsers();
  return [
    lineOf(`${MEMORY_ROW.title} (${count} users, one channel)`, users, USER_KB),
    lineOf(`an open channel (${count} users with one each, less what users weigh)`, channels, CHANNEL_KB),
  ];
}

async function residentOf(
  title: string,
  scenario: string,
  connectionsOf: (users: number) => number,
  bench: GrpcBench,
): Promise<number[]> {
  const url = bench.target.urlOf('one');
  const weights = await weigh({ title, scenario, url, connectionsOf }, bench);
  return weights.map(({ resident }) => resident);
}

function lineOf(what: string, bytes: readonly number[], atMostKb: number): Line {
  const met = median(bytes) <= atMostKb * 1_000;
  return { what, ours: kilobytes(bytes), beside: '', ratio: '', goal: `≤ ${atMostKb} KB`, met };
}
