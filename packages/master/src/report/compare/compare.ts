import type { ChangeCondition, Millis } from '@drumline/model';
import {
  Sample,
  seededRandom,
  SummarySample,
  type ChangeVerdict,
  type Resampled,
  type RunHistory,
  type Statistic,
} from '@drumline/stats';
import type { RunResult } from '@drumline/wire';
import { readSnapshot } from '../../store/snapshot.js';
import type { ComparedRun, Comparison, Remark } from './comparison.js';
import { judgeConditions } from './conditions.js';
import { distributionOf } from './distribution.js';
import { JUDGED, Judge, SHOWN, type Pair } from './judge.js';
import { readUnits, type RunUnits } from './read-units.js';
import { meanRate, meanUsers, remarksOn } from './remarks.js';
import { seriesPairs } from './series-pairs.js';
import { compareStatuses, SHARE } from './statuses.js';
import { windowOf, type Window } from './window.js';

/** A run to compare. Without a run file or a history, there is only the result. */
export interface RunToCompare {
  readonly result: RunResult;
  /** Its run file. */
  readonly path?: string | undefined;
  /** Its counts, if it was not read from a run file. */
  readonly history?: RunHistory | undefined;
}

export interface ComparisonOptions {
  readonly conditions: readonly ChangeCondition[];
  /** Length of the warm-up; undefined to detect it. */
  readonly skipMs?: Millis | undefined;
  /** Changes of response times below this share do not matter. */
  readonly margin: number;
  readonly seed?: number;
}

/** Probability that a comparison of equal runs calls anything better or worse. */
const WRONG = 0.05;
const ERROR_RATE_MARGIN = 0.001;
/** Compares two runs: totals and each series, by a block bootstrap of their seconds. */
export function compareRuns(
  before: RunToCompare,
  after: RunToCompare,
  { conditions, skipMs, margin, seed = 1 }: ComparisonOptions,
): Comparison {
  const skip = skipMs === undefined ? undefined : Math.round(skipMs / 1_000);
  const windows = [windowOf(before.result, skip), windowOf(after.result, skip)] as const;
  const remarks = remarksOn(
    { name: 'baseline', result: before.result, window: windows[0] },
    { name: 'new run', result: after.result, window: windows[1] },
  );
  const units = unitsOf(before, after, windows);
  const margins = { ratio: margin, errorRate: ERROR_RATE_MARGIN };
  const seconds = Math.min(...windows.map(({ points }) => points.length));
  const random = seededRandom(seed);
  const usual = [...SHOWN, ...conditions.map(({ statistic }) => statistic)];
  const judge = (samples: Pair<Resampled>, wanted: readonly Statistic[] = usual): Judge =>
    new Judge(samples, wanted, seconds, margins, random);
  const all = judge(
    units
      ? [new Sample(units[0].all), new Sample(units[1].all)]
      : [summaryOf(windows[0]), summaryOf(windows[1])],
  );
  const wrong = WRONG / 2 / JUDGED.length;
  const pairs = units
    ? seriesPairs(
        { name: 'baseline', result: before.result, units: units[0] },
        { name: 'new run', result: after.result, units: units[1] },
      )
    : { both: [], remarks: [NO_HISTOGRAMS] };
  const series = pairs.both.map(({ key, samples }) => {
    const { protocol, method, name, user, tags } = key;
    const judged = judge(samples);
    const counts = judged.counts(wrong / pairs.both.length);
    return { judged, shown: { protocol, method, name, user, tags: Object.fromEntries(tags), ...counts } };
  });
  const totals = all.counts(wrong);
  const statuses = units && compareStatuses(units, (samples) => judge(samples, [SHARE]), WRONG);
  const distribution = units && distributionOf(...units);
  return {
    schema: 'drumline.comparison/1',
    baseline: runOf(before.result, windows[0]),
    compared: runOf(after.result, windows[1]),
    remarks: [...remarks, ...pairs.remarks],
    confidence: 1 - WRONG,
    margin: margins,
    verdict: overall(
      totals.verdict,
      series.map(({ shown }) => shown.verdict),
    ),
    totals,
    series: series.map(({ shown }) => shown),
    ...(statuses && { statuses }),
    conditions: judgeConditions(conditions, all, series, WRONG),
    ...(distribution && { distribution }),
  };
}

const NO_HISTOGRAMS: Remark = {
  code: 'no-histograms',
  message:
    'A result file has no response times by series. Only totals are compared, by the quantiles of their seconds. Keep the run file to compare more.',
};

/** A series counts if it changed; otherwise the totals decide. */
function overall(totals: ChangeVerdict, series: readonly ChangeVerdict[]): ChangeVerdict {
  if (series.includes('worse')) return 'worse';
  return totals === 'same' && series.includes('better') ? 'better' : totals;
}

/** The counts of both runs, if both are known beyond the result. */
function unitsOf(
  before: RunToCompare,
  after: RunToCompare,
  windows: Pair<Window>,
): Pair<RunUnits> | undefined {
  const units = [unitsIn(before, windows[0]), unitsIn(after, windows[1])] as const;
  return units[0] && units[1] && [units[0], units[1]];
}

function unitsIn({ path, history }: RunToCompare, window: Window): RunUnits | undefined {
  if (history !== undefined) return readUnits(history, window);
  return path === undefined ? undefined : readSnapshot(path, (file) => readUnits(file.history(), window));
}

function summaryOf({ points }: Window): SummarySample {
  return new SummarySample(
    points.map(({ requests, failures, p50Ms, p95Ms, p99Ms }) => ({
      requests,
      failures,
      p50: p50Ms * 1_000,
      p95: p95Ms * 1_000,
      p99: p99Ms * 1_000,
    })),
  );
}

function runOf({ run }: RunResult, window: Window): ComparedRun {
  const rate = meanRate({ window });
  return {
    id: run.id,
    scenario: run.scenario,
    ...(run.target !== undefined && { target: run.target }),
    ...(run.labels && { labels: run.labels }),
    startedAt: run.startedAt,
    drumline: run.drumline,
    fromSecond: window.fromSecond,
    toSecond: window.toSecond,
    requests: window.points.reduce((sum, { requests }) => sum + requests, 0),
    rate,
    meanUsers: meanUsers({ window }),
  };
}
