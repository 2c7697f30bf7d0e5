import {
  addEncoded,
  encodeHistogram,
  SecondSum,
  type IntervalDelta,
  type IntervalState,
} from '@drumline/stats';
import type { ClientBase } from 'pg';
import type { Value } from '../rows/copy.js';
import { FIGURES, figuresOf } from '../rows/figures.js';
import type { At } from '../rows/rows-of.js';

/** Columns of `IntervalState`. */
const STATE = [
  'users',
  'planned_users',
  'planned_rate',
  'cut_off_users',
  'workers_present',
  'workers_missing',
  'busiest_lane',
] as const;

/** Columns of `SecondSum`, with its fields. */
const COUNTS = {
  requests: 'requests',
  failures: 'failures',
  interrupted: 'interrupted',
  failed_checks: 'failedChecks',
  exceptions: 'exceptions',
  started: 'started',
  late: 'late',
  dropped: 'dropped',
  skipped: 'skipped',
} as const;
const COUNT_COLUMNS = Object.keys(COUNTS) as (keyof typeof COUNTS)[];

const COLUMNS = ['run_id', 'at', 'second', ...STATE, 'untrusted', ...COUNT_COLUMNS, ...FIGURES, 'latency'];
export const RUN_COLUMNS = COLUMNS.join(', ');

/** What a second counted over all series, and the state of the run in it. */
export interface RunSecond {
  readonly sum: SecondSum;
  /** Values of `STATE`; nulls if unknown. */
  readonly state: readonly Value[];
  readonly isUntrusted: boolean;
}

export function runSecondOf(delta: IntervalDelta, state: IntervalState): RunSecond {
  const { users, plannedUsers, plannedRate = null, cutOffUsers, workers, busiestLane } = state;
  const values = [
    users,
    plannedUsers,
    plannedRate,
    cutOffUsers,
    workers.present,
    workers.missing,
    busiestLane,
  ];
  return { sum: SecondSum.of(delta), state: values, isUntrusted: false };
}

/** What the database has of a second, with a correction. */
export async function correctedRunSecond(
  client: ClientBase,
  table: string,
  { runId, at }: At,
  delta: IntervalDelta,
  isMarked: boolean,
): Promise<RunSecond> {
  const { rows } = await client.query<Record<string, unknown>>(
    `SELECT * FROM ${table} WHERE run_id = $1 AND at = $2`,
    [runId, at],
  );
  const sum = SecondSum.of(delta);
  const [row] = rows;
  if (row === undefined) return { sum, state: STATE.map(() => null), isUntrusted: isMarked };
  for (const column of COUNT_COLUMNS) sum[COUNTS[column]] += Number(row[column]);
  if (row['latency'] instanceof Uint8Array) addEncoded(sum.latency, row['latency']);
  const state = STATE.map((column) => row[column] as Value);
  return { sum, state, isUntrusted: isMarked || row['untrusted'] === true };
}

export function runRow({ runId, at, second }: At, { sum, state, isUntrusted }: RunSecond): Value[] {
  const { latency } = sum;
  return [
    runId,
    at,
    second,
    ...state,
    isUntrusted,
    ...COUNT_COLUMNS.map((column) => sum[COUNTS[column]]),
    ...figuresOf(latency),
    latency.count > 0 ? encodeHistogram(latency) : null,
  ];
}
