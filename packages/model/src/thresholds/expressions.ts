// Expressions as types, so that a missing unit or a misspelt statistic is an error in the editor.

type Space = '' | ' ';
type Operator = `${Space}${'<' | '<=' | '>' | '>=' | '=='}${Space}`;
type Window = '' | ` over ${number}${'s' | 'm'}`;
type Quantile = `p${number}` | `p(${number})`;
type Time = Quantile | 'mean' | 'avg' | 'min' | 'max' | 'med';

type Times = `${Time}${Operator}${number}${'us' | 'ms' | 's' | 'm'}${Window}`;
type Numbers<S extends string> = `${S}${Operator}${number}${Window}`;
type Shares<S extends string> = `${S}${Operator}${number}%${Window}`;
type Rates = `rate${Operator}${number}/${'s' | 'm' | 'h'}${Window}`;

/**
 * A condition on requests, such as `p99 < 300ms`, `error rate < 1%` or `rate >= 950/s over 30s`.
 *
 * Times: `mean`, `min`, `max`, `p50` to `p99.99`. Numbers: `count`, `failures`, `exceptions`. Per
 * second, minute or hour: `rate`. Shares: `error rate`, `checks`. Shares or numbers: `dropped`,
 * `late`, `skipped`.
 */
export type RequestExpression =
  | Times
  | Rates
  | Shares<'error rate' | 'checks' | 'dropped' | 'late' | 'skipped'>
  | Numbers<'count' | 'failures' | 'exceptions' | 'dropped' | 'late' | 'skipped'>;

/** A condition on a check: `passes > 99%`, `fails == 0`. */
export type CheckExpression = Shares<'passes' | 'fails'> | Numbers<'passes' | 'fails'>;

/** A condition on a custom metric: `count >= 1000`, `rate > 95%`, `p95 < 200`. */
export type MetricExpression =
  Times | Rates | Shares<'rate'> | Numbers<'count' | 'sum' | 'last' | 'value' | Time>;
