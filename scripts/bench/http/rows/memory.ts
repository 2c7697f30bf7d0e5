import type { Line } from '../../harness/bench.js';
import { kilobytes, weigh, weighedUsers } from '../../harness/weigh.js';
import { median } from '../../support.js';
import type { HttpBench, HttpRow } from '../bench.js';

const GOAL_KB = 10;

/** Memory of a lane for each user that waits after one request with its connection kept. */
export const MEMORY_ROW: HttpRow = { group: 'memory', title: 'a waiting user with its connection', run };

async function run(bench: HttpBench): Promise<Line[]> {
  const { title } = MEMORY_ROW;
  const url = bench.target.urlOf('plain');
  const weights = await weigh(
    { title, scenario: 'http/waiting', url, connectionsOf: (users) => users },
    bench,
  );
  const resident = weights.map((weight) => weight.resident);
  return [
    {
      what: `${title} (${weighedUsers()} users)`,
      ours: kilobytes(resident),
      beside: `of it alive ${kilobytes(weights.map(({ living }) => living))}`,
      ratio: '',
      goal: `≤ ${GOAL_KB} KB`,
      met: median(resident) <= GOAL_KB * 1_000,
    },
  ];
}
