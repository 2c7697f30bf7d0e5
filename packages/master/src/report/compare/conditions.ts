import { closest, type ChangeCondition } from '@drumline/model';
import type { ComparedSeries, ComparedStatistic, JudgedCondition } from './comparison.js';
import type { Judge } from './judge.js';
import { changeText } from './text.js';

/** A series and what judges it. */
export interface JudgedSeries {
  readonly shown: Pick<ComparedSeries, 'method' | 'name'>;
  readonly judged: Judge;
}

/**
 * Judges the changes that conditions forbid.
 * @param all judges all requests together
 * @param wrong probability that one of them fails although nothing changed
 */
export function judgeConditions(
  conditions: readonly ChangeCondition[],
  all: Judge,
  series: readonly JudgedSeries[],
  wrong: number,
): JudgedCondition[] {
  const each = wrong / Math.max(1, conditions.length);
  return conditions.map((condition) => {
    const { expression, statistic, series: wanted } = condition;
    if (wanted === undefined) return judge(condition, '', all.statistic(statistic, each));
    const meant = series.filter(({ shown }) => wanted === shown.name || wanted === labelOf(shown));
    if (meant.length === 0) return { expression, outcome: 'failed', message: missing(wanted, series) };
    return worst(
      meant.map(({ shown, judged }) =>
        judge(condition, labelOf(shown), judged.statistic(statistic, each / meant.length)),
      ),
    );
  });
}

function judge(condition: ChangeCondition, label: string, observed: ComparedStatistic): JudgedCondition {
  const { expression, operator, limit, scale } = condition;
  const what = `${label === '' ? '' : `${label}: `}${observed.name}`;
  const ms = observed.after - observed.before;
  const change = scale === 'ratio' ? observed.change : ms;
  if (!Number.isFinite(change))
    return { expression, outcome: 'failed', message: `${what} has no value in both runs`, observed };
  const isBeyond = { '>': change > limit, '>=': change >= limit, '<': change < limit, '<=': change <= limit }[
    operator
  ];
  const isNoise = observed.reason !== undefined || (observed.low <= 0 && observed.high >= 0);
  const message = `${what} ${changeText(observed)}`;
  if (!isBeyond) return { expression, outcome: 'passed', message, observed };
  if (!isNoise) return { expression, outcome: 'failed', message, observed };
  return { expression, outcome: 'cannot-tell', message: `${message}; this may be noise`, observed };
}

function worst(judged: readonly JudgedCondition[]): JudgedCondition {
  const found = (outcome: JudgedCondition['outcome']) => judged.find((one) => one.outcome === outcome);
  return found('failed') ?? found('cannot-tell') ?? judged[0]!;
}

function labelOf({ method, name }: JudgedSeries['shown']): string {
  return `${method} ${name}`.trim();
}

function missing(wanted: string, series: readonly JudgedSeries[]): string {
  const meant = closest(
    wanted,
    series.map((one) => labelOf(one.shown)),
  );
  const hint = meant === undefined ? '' : `; did you mean '${meant}'?`;
  return `no requests '${wanted}' are in both runs${hint}`;
}
