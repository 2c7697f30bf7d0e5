import type { Millis } from '../units.js';

/** A figure that thresholds can limit. A quantile is `p` and a percentage: `p99`, `p99.9`. */
export type Statistic =
  | `p${number}`
  | 'mean'
  | 'min'
  | 'max'
  | 'count'
  | 'rate'
  | 'error rate'
  | 'failures'
  | 'exceptions'
  | 'dropped'
  | 'late'
  | 'skipped'
  | 'checks'
  | 'passes'
  | 'fails'
  | 'sum'
  | 'last';

export type ThresholdOperator = '<' | '<=' | '>' | '>=' | '==';

/**
 * The unit of a limit and of what is observed: milliseconds; a share from 0 to 1; a number; a
 * number per second; the unit of a custom metric.
 */
export type ThresholdUnit = 'ms' | 'share' | 'count' | 'per-second' | 'value';

/** A parsed expression, such as `p99 < 300ms over 10s`. */
export interface Condition {
  /** As written, with single spaces. */
  readonly expression: string;
  readonly statistic: Statistic;
  readonly operator: ThresholdOperator;
  readonly limit: number;
  readonly unit: ThresholdUnit;
  /** The length of the sliding window; absent if the whole run is judged. */
  readonly windowSeconds?: number;
}

/** Requests by the parts of their key. Absent parts match everything. */
export interface RequestSelector {
  readonly kind: 'requests';
  /** Method and name as in reports, such as `POST /orders`, or a name alone. */
  readonly request?: string;
  readonly protocol?: string;
  readonly method?: string;
  readonly name?: string;
  readonly user?: string;
  /** Sorted by name. A series must have all of them, and may have more. */
  readonly tags?: readonly (readonly [string, string])[];
}

/** A check or a custom metric by its name, with all of these tags. */
export interface NamedSelector {
  readonly kind: 'check' | 'metric';
  readonly name: string;
  readonly tags?: readonly (readonly [string, string])[];
}

export type ThresholdSubject = RequestSelector | NamedSelector;

/** A requirement for a run. If one is not met, the run fails. */
export interface Threshold extends Condition {
  /** What is judged. A request selector without parts is the whole run. */
  readonly subject: ThresholdSubject;
  /** Ends the run when the threshold has been broken for this long without a break. */
  readonly abort?: { readonly afterMs: Millis };
}

const HOLDS: Readonly<Record<ThresholdOperator, (observed: number, limit: number) => boolean>> = {
  '<': (observed, limit) => observed < limit,
  '<=': (observed, limit) => observed <= limit,
  '>': (observed, limit) => observed > limit,
  '>=': (observed, limit) => observed >= limit,
  '==': (observed, limit) => observed === limit,
};

/** Whether an observed figure meets a condition. */
export function meets({ operator, limit }: Condition, observed: number): boolean {
  return HOLDS[operator](observed, limit);
}

/** Whether larger figures are better. */
export function isLowerBound({ operator }: Pick<Condition, 'operator'>): boolean {
  return operator === '>' || operator === '>=';
}

/**
 * How far an observed figure is from the limit, as a share of the limit. Negative if the limit is
 * exceeded; undefined if the limit is 0 or must be met exactly.
 */
export function marginOf(
  condition: Pick<Condition, 'operator' | 'limit'>,
  observed: number,
): number | undefined {
  const { operator, limit } = condition;
  if (operator === '==' || limit === 0) return undefined;
  const room = (isLowerBound(condition) ? observed - limit : limit - observed) / Math.abs(limit);
  return Math.round(room * 10_000) / 10_000;
}

/** The operator of a written condition, such as `p95 < 200ms`. @throws TypeError if it has none */
export function operatorOf(expression: string): ThresholdOperator {
  return /[<>]=?|==/.exec(expression)![0] as ThresholdOperator;
}

/** The share of a quantile, 0 to 1; undefined for other statistics. */
export function quantileOf(statistic: Statistic): number | undefined {
  return /^p\d/.test(statistic) ? Number(`${statistic.slice(1)}e-2`) : undefined;
}
