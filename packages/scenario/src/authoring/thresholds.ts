import type { CheckExpression, Duration, MetricExpression, RequestExpression } from '@drumline/model';

/** Requests that a threshold is about, by the parts of their key. All given parts must match. */
export interface RequestFilter {
  /** Name of the user type that sends them. */
  readonly user?: string;
  /** Name of the phase of the load. The same as the tag `phase`. */
  readonly phase?: string;
  /** Tags that the requests have, among others. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Name of the request in the report. */
  readonly name?: string;
  /** Method, such as `GET`. */
  readonly method?: string;
  /** Protocol, such as `http`, or `step` for steps. */
  readonly protocol?: string;
}

/** What ends the run when a threshold is broken. */
export interface AbortOptions {
  /** How long the threshold must be broken without a break. */
  readonly after: Duration;
}

/** Whether a broken threshold ends the run: at once, or after a while. Default: it does not. */
export type Abort = boolean | AbortOptions;

/** A threshold on some of the requests. */
export interface RequestThreshold {
  /** Method and name of the request, such as `POST /orders`, or a filter. Default: all requests. */
  readonly of?: string | RequestFilter;
  /** The condition, such as `p95 < 200ms over 10s`. */
  readonly is: RequestExpression;
  /** Ends the run when the threshold is broken. Default: false. */
  readonly abort?: Abort;
}

/** A threshold on a check. */
export interface CheckThreshold {
  /** Name of the check. */
  readonly check: string;
  /** Name of the phase of the load. The same as the tag `phase`. */
  readonly phase?: string;
  /** Tags that the check has, among others. Default: with any tags. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The condition, such as `passes > 99%`. */
  readonly is: CheckExpression;
  /** Ends the run when the threshold is broken. Default: false. */
  readonly abort?: Abort;
}

/** A threshold on a custom metric. */
export interface MetricThreshold {
  /** Name of the metric. */
  readonly metric: string;
  /** Name of the phase of the load. The same as the tag `phase`. */
  readonly phase?: string;
  /** Tags that the values have, among others. Default: with any tags. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The condition, such as `count >= 1000`. */
  readonly is: MetricExpression;
  /** Ends the run when the threshold is broken. Default: false. */
  readonly abort?: Abort;
}

/**
 * A requirement for the run: an expression about all requests, or an object that selects requests,
 * a check or a metric. If one is not met, the run fails.
 *
 * @example
 * ```ts
 * thresholds: [
 *   'p99 < 300ms',
 *   'error rate < 1%',
 *   { of: 'POST /orders', is: 'p95 < 200ms over 10s', abort: { after: '30s' } },
 *   { check: 'status is 200', is: 'passes > 99%' },
 *   { metric: 'orders', is: 'count >= 1000' },
 * ];
 * ```
 */
export type ThresholdSpec =
  | RequestExpression
  | (RequestThreshold & { readonly check?: never; readonly metric?: never })
  | CheckThreshold
  | MetricThreshold;
