import {
  decodeHistogram,
  latencyOf,
  summarize,
  summarizing,
  type IntervalClosed,
  type IntervalCorrected,
  type IntervalDelta,
} from '@drumline/stats';
import { runSteps } from '@drumline/model';
import type { CountedInterval, LatencyResult } from '@drumline/wire';
import { countedInterval } from '@drumline/wire/counted';

/** A second of a run, as JSON. */
export interface SecondRecord extends CountedInterval {
  readonly type: 'second';
  readonly users: number;
  readonly plannedUsers: number;
  /** Absent if no part of the load has a rate. */
  readonly plannedRate?: number;
  readonly workers: { readonly present: number; readonly missing: number };
  /** Of the lane that was least idle. */
  readonly busiestLanePercent: number;
  /**
   * Response times of series that follow their counts, because the master was busy: those of the
   * seconds from `fromSecond` through this one. Absent if there are none.
   */
  readonly windows?: readonly WindowRecord[];
  /** True if response times of series follow in `windows`. Their figures are 0 then. */
  readonly coarse?: true;
}

/** What an earlier second has gained, because a worker reported late. To be added to it. */
export interface CorrectionRecord extends CountedInterval {
  readonly type: 'correction';
}

interface WindowRecord {
  readonly protocol: string;
  readonly method: string;
  readonly name: string;
  readonly user: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fromSecond: number;
  readonly latencyMs: LatencyResult;
  readonly serviceMs?: LatencyResult;
}

/** @param startedAtMs start of the run, milliseconds since 1970 */
export function secondRecord({ counts, second, state }: IntervalClosed, startedAtMs: number): SecondRecord {
  const { users, plannedUsers, plannedRate, workers } = state;
  return {
    type: 'second',
    ...counted(counts, second, startedAtMs),
    users,
    plannedUsers,
    ...(plannedRate !== undefined && { plannedRate }),
    workers: { ...workers },
    busiestLanePercent: Math.round(state.busiestLane * 1_000) / 10,
  };
}

/** @param startedAtMs start of the run, milliseconds since 1970 */
export function correctionRecord(
  { counts, second }: IntervalCorrected,
  startedAtMs: number,
): CorrectionRecord {
  return { type: 'correction', ...counted(counts, second, startedAtMs) };
}

function counted(
  { windows = [], ...counts }: IntervalDelta,
  second: number,
  runStartedAtMs: number,
): CountedInterval & Pick<SecondRecord, 'coarse' | 'windows'> {
  const { snapshot, untimed } = runSteps(summarizing([counts]));
  const interval = countedInterval(snapshot, { fromSecond: second, seconds: 1, runStartedAtMs });
  const late = windowRecords(windows);
  return {
    ...interval,
    ...(untimed > 0 && { coarse: true, totals: { ...interval.totals, latencyMs: timesOf(counts) } }),
    ...(late.length > 0 && { windows: late }),
  };
}

function windowRecords(windows: NonNullable<IntervalDelta['windows']>): WindowRecord[] {
  return windows.map(({ key, fromSecond, latency, service }) => ({
    protocol: key.protocol,
    method: key.method,
    name: key.name,
    user: key.user,
    tags: Object.fromEntries(key.tags),
    fromSecond,
    latencyMs: summarize(decodeHistogram(latency)),
    ...(service && { serviceMs: summarize(decodeHistogram(service)) }),
  }));
}

/** The response times of all requests, also of those that series have in a later window. */
function timesOf(counts: IntervalDelta): LatencyResult {
  return summarize(latencyOf([counts]));
}
