import type {
  ComparedCountsView,
  ComparedRunView,
  ComparedStatisticView,
  ComparedStatusView,
  ComparisonView,
} from '@drumline/wire';
import type {
  ComparedCounts,
  ComparedRun,
  ComparedStatistic,
  ComparedStatus,
  Comparison,
} from './comparison.js';
import { changeText } from './text.js';
import { adviceOf, meaningOf, seriesWord, wordOf } from './words.js';

/** A comparison as the control API shows it. JSON has no NaN. */
export function comparisonView(comparison: Comparison): ComparisonView {
  const { baseline, compared, remarks, confidence, margin, verdict, totals, series } = comparison;
  const { statuses, distribution } = comparison;
  const advice = adviceOf(comparison);
  return {
    baseline: runView(baseline),
    compared: runView(compared),
    remarks: remarks.map(({ code, message }) => ({ code, message })),
    confidence,
    margin: { ...margin },
    verdict,
    meaning: meaningOf(comparison),
    ...(advice !== undefined && { advice }),
    totals: countsView(totals),
    series: series.map((one) => {
      const { protocol, method, name, user, tags } = one;
      return { ...countsView(one), protocol, method, name, user, tags: { ...tags }, word: seriesWord(one) };
    }),
    ...(statuses && { statuses: statuses.map(statusView) }),
    ...(distribution && { distribution }),
  };
}

function runView(run: ComparedRun): ComparedRunView {
  const { id, scenario, target, labels, startedAt, fromSecond, toSecond, requests, rate, meanUsers } = run;
  return {
    id,
    scenario,
    ...(target !== undefined && { target }),
    ...(labels && { labels: { ...labels } }),
    startedAt,
    fromSecond,
    toSecond,
    requests,
    rate,
    meanUsers,
  };
}

function countsView({ requests, verdict, statistics }: ComparedCounts): ComparedCountsView {
  return { requests: { ...requests }, verdict, statistics: statistics.map(statisticView) };
}

function statisticView(one: ComparedStatistic): ComparedStatisticView {
  const { name, verdict } = one;
  return { name, ...figuresOf(one), verdict, word: wordOf(one), text: changeText(one) };
}

function statusView(one: ComparedStatus): ComparedStatusView {
  const { status, requests, verdict } = one;
  return { status, requests: { ...requests }, ...figuresOf(one), verdict };
}

type Figure = 'before' | 'after' | 'change' | 'low' | 'high';

function figuresOf({
  before,
  after,
  change,
  low,
  high,
}: Readonly<Record<Figure, number>>): Record<Figure, number | null> {
  return {
    before: known(before),
    after: known(after),
    change: known(change),
    low: known(low),
    high: known(high),
  };
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
