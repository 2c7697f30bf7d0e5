import { signal } from '@preact/signals';
import type { RunResult, RunView, StatusView, TimedSeries } from '@drumline/client';
import { readFilter, readOrder } from '@drumline/model';
import type { Connection, Problem, RunReads, RunSource } from './run-source.js';
import { ResultSeries } from './result-series.js';
import { RunTimeline } from './timeline.js';

/** The points of the timeline of a result. */
interface Points {
  readonly fromSecond: number;
  readonly stepSeconds: number;
  readonly peakRate: number;
}

/**
 * An ended run, from its result and what is known of its series over time. Nothing changes, and
 * nothing is asked for.
 */
export function resultRun(
  result: RunResult,
  { fromSecond, stepSeconds, peakRate }: Points,
  timed: readonly TimedSeries[],
): RunSource {
  const timeline = new RunTimeline();
  timeline.load({ fromSecond, stepSeconds, points: result.timeline, annotations: [] });
  return {
    view: signal<RunView | undefined>(undefined),
    status: signal<StatusView | undefined>(undefined),
    result: signal<RunResult | undefined>(result),
    connection: signal<Connection>('ended'),
    problem: signal<Problem | undefined>(undefined),
    annotations: signal(result.annotations ?? []),
    timeline,
    tick: signal(0),
    changes: signal(0),
    planned: new Map(),
    peakRate,
    reads: resultReads(result, new ResultSeries(result.series, timed)),
  };
}

function resultReads(result: RunResult, series: ResultSeries): RunReads {
  return {
    totals: () => result.totals,
    series: (filter, sort) => series.listed.filter(readFilter(filter)).sort(readOrder(sort)),
    ...series.reads(),
    errors: () => result,
    metrics: () => result,
  };
}
