import { runSteps, timesParts } from '@drumline/model';
import {
  latencyOf,
  summarize,
  summarizing,
  type DeltaSummary,
  type IntervalDelta,
  type LateCounts,
  type TotalsSnapshot,
} from '@drumline/stats';
import type { StartCounts, TapLate, TapSeries, TapTotals } from '@drumline/wire';
import { countsOf } from '@drumline/wire/counted';

/** The short figures of seconds in a row. */
export function shortFigures(
  deltas: readonly IntervalDelta[],
  seconds: number,
): { totals: TapTotals; series: TapSeries[] } {
  const summary = runSteps(summarizing(deltas));
  return { totals: totalsOf(summary, deltas, seconds), series: summary.snapshot.series.map(seriesOf) };
}

/** What is late, in short figures. */
export function shortLate({ deltas, fromSecond, toSecond }: LateCounts): TapLate {
  const seconds = toSecond + 1 - fromSecond;
  return { fromSecond, seconds, ...shortFigures(deltas, seconds) };
}

function totalsOf(
  { snapshot, untimed }: DeltaSummary,
  deltas: readonly IntervalDelta[],
  seconds: number,
): TapTotals {
  const starts = startsOf(snapshot);
  return {
    ...countsOf(snapshot.totals, seconds),
    ...(untimed > 0 && { latencyMs: summarize(latencyOf(deltas)) }),
    failedChecks: snapshot.checks.reduce((sum, { fails }) => sum + fails, 0),
    exceptions: snapshot.exceptions.reduce((sum, { occurrences }) => sum + occurrences, 0),
    ...(starts && { starts }),
  };
}

function startsOf({ schedule }: TotalsSnapshot): StartCounts | undefined {
  if (schedule.length === 0) return undefined;
  const sum: StartCounts = { started: 0, late: 0, dropped: 0, skipped: 0 };
  for (const { started, late, dropped, skipped } of schedule) {
    sum.started += started;
    sum.late += late;
    sum.dropped += dropped;
    sum.skipped += skipped;
  }
  return sum;
}

function seriesOf({ key, ...totals }: TotalsSnapshot['series'][number]): TapSeries {
  const { protocol, method, name, user, tags } = key;
  const { requests, failures, interrupted, bytesSent, bytesReceived } = totals;
  const { p50, p95, p99, max } = totals.latencyMs;
  return {
    protocol,
    method,
    name,
    user,
    ...(tags.length > 0 && { tags: Object.fromEntries(tags) }),
    ...(timesParts(key) && { part: true }),
    requests,
    failures,
    interrupted,
    bytesSent,
    bytesReceived,
    ...(max > 0 && { p50Ms: p50, p95Ms: p95, p99Ms: p99, maxMs: max }),
  };
}
