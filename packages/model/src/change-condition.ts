import { closest } from './suggest.js';

/** A figure of which two runs can be compared. */
export type ComparableStatistic =
  | { readonly kind: 'quantile'; readonly q: number }
  | { readonly kind: 'mean' }
  | { readonly kind: 'error-rate' }
  | { readonly kind: 'rate' };

/** A change between two runs that must not happen: `p99 > +10%`, `POST /orders: p95 > +20ms`. */
export interface ChangeCondition {
  /** As the user wrote it. */
  readonly expression: string;
  /** Method and name of a series, or the name alone; absent for all requests together. */
  readonly series?: string;
  readonly statistic: ComparableStatistic;
  readonly operator: '>' | '>=' | '<' | '<=';
  /** 0.1 for 10 %; milliseconds; 0.001 for 0.1 percentage points; requests per second. */
  readonly limit: number;
  /** `ratio`: of the value in the baseline. `difference`: new minus baseline. */
  readonly scale: 'ratio' | 'difference';
}

const NAMES = ['p50', 'p90', 'p95', 'p99', 'p99.9', 'mean', 'error rate', 'rate'];
const HINT = "Write for example 'p99 > +10%', 'p95 > +20ms', 'error rate > +0.5%' or 'rate < -5%'.";
const PARTS =
  /^(?:(?<series>.+):)?\s*(?<name>[^<>=:]+?)\s*(?<operator>[<>]=?)\s*(?<sign>[+-]?)\s*(?<number>\d+(?:\.\d+)?)\s*(?<unit>\S*)$/;

/** @throws RangeError that quotes the text and shows valid ones */
export function parseChangeCondition(expression: string): ChangeCondition {
  const text = expression.trim().replaceAll('\u2212', '-');
  const parts = PARTS.exec(text)?.groups;
  if (!parts) throw new RangeError(`'${expression}' is not a condition on a change. ${HINT}`);
  const { series, name, operator, sign, number, unit } = parts as Record<string, string>;
  const statistic = statisticNamed(name!, expression);
  return {
    expression: expression.trim(),
    ...(series !== undefined && { series: series.trim() }),
    statistic,
    operator: operator as ChangeCondition['operator'],
    ...limitOf(statistic, Number(`${sign === '-' ? '-' : ''}${number}`), unit!, expression),
  };
}

/** The name of a statistic in conditions and tables. */
export function comparableName(statistic: ComparableStatistic): string {
  if (statistic.kind === 'quantile') return `p${Number((statistic.q * 100).toFixed(6))}`;
  return statistic.kind === 'error-rate' ? 'error rate' : statistic.kind;
}

function statisticNamed(name: string, expression: string): ComparableStatistic {
  const plain = name.toLowerCase().replaceAll(/[\s_-]+/g, ' ');
  const percent = Number(/^p\(?(\d+(?:\.\d+)?)\)?$/.exec(plain)?.[1]);
  if (percent > 0 && percent < 100) return { kind: 'quantile', q: Number((percent / 100).toPrecision(12)) };
  if (plain === 'median') return { kind: 'quantile', q: 0.5 };
  if (plain === 'mean' || plain === 'avg') return { kind: 'mean' };
  if (plain === 'error rate' || plain === 'failure rate') return { kind: 'error-rate' };
  if (plain === 'rate') return { kind: 'rate' };
  const meant = closest(plain, NAMES);
  const hint = meant === undefined ? `There are ${NAMES.join(', ')}.` : `Did you mean '${meant}'?`;
  throw new RangeError(`'${expression}': there is no statistic '${name}'. ${hint}`);
}

function limitOf(
  statistic: ComparableStatistic,
  value: number,
  unit: string,
  expression: string,
): Pick<ChangeCondition, 'limit' | 'scale'> {
  const isTime = statistic.kind === 'quantile' || statistic.kind === 'mean';
  const ms = { µs: 0.001, us: 0.001, ms: 1, s: 1_000 }[unit];
  if (unit === '%')
    return { limit: value / 100, scale: statistic.kind === 'error-rate' ? 'difference' : 'ratio' };
  if (isTime && ms !== undefined) return { limit: value * ms, scale: 'difference' };
  if (statistic.kind === 'rate' && unit === '/s') return { limit: value, scale: 'difference' };
  const units = isTime ? '% or ms' : statistic.kind === 'rate' ? '% or /s' : '%';
  const what =
    unit === '' ? 'the limit has no unit' : `'${unit}' is not a unit of ${comparableName(statistic)}`;
  throw new RangeError(`'${expression}': ${what}. Use ${units}.`);
}
