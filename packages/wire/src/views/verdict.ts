// The verdict, its reasons and what it depends on, as types without a library.

/** The judgment of a threshold. */
export interface ThresholdResult {
  /** As written, such as `p95 < 200ms over 10s`. */
  expression: string;
  /** What was judged, such as `POST /orders` or `user shopper`; empty for the whole run. */
  of: string;
  /** Unit of `observed` and `limit`. A share is from 0 to 1. */
  unit: 'ms' | 'share' | 'count' | 'per-second' | 'value';
  /** The figure of the run, or of the worst window; null if there was no data. */
  observed: number | null;
  limit: number;
  passed: boolean;
  /** Milliseconds from the start of the run; absent if it was never broken. */
  firstBrokenAtMs?: number;
  /** How long it was broken in all, in milliseconds. */
  brokenForMs: number;
  /**
   * Distance from the limit as a share of the limit; negative if it failed. Absent without data,
   * for a limit of 0, and for `==`.
   */
  margin?: number;
  /** Whether it ended the run. */
  aborted?: boolean;
  /** Why it could not be judged. */
  problem?: string;
}

/** Seconds in a row in which a worker, and not the target, decided the response times. */
export interface UntrustedResult {
  worker: string;
  /** Start of the first second. */
  from: string;
  seconds: number;
  /** The worst cause in these seconds, as readable text. */
  cause: string;
}

/** Only `passed` is a pass. `stopped-early` had no failures until it was stopped. */
export type Verdict = 'passed' | 'failed' | 'stopped-early' | 'nothing-measured';

/** Why the verdict is not `passed`, or which starts were lost. */
export interface ReasonResult {
  /**
   * `requests-failed`, `checks-failed`, `exceptions`, `threshold-failed`, `starts-lost`,
   * `starts-missing`, `no-limit-found`, or the name of the exit code.
   */
  code: string;
  message: string;
  /** Number of requests, checks, exceptions or starts. */
  count?: number;
}

/** A step of a search for a limit. */
export interface LimitStepResult {
  perSecond: number;
  /** Seconds that were judged. */
  heldSeconds: number;
  /** The figure of each condition; `observed` is null without data. */
  observed: {
    expression: string;
    unit: ThresholdResult['unit'];
    observed: number | null;
    passed: boolean;
  }[];
  passed: boolean;
  /** Why the step says nothing about the target; absent if it does. */
  untrusted?: { by: 'generator' | 'users'; message: string };
}

/** The answer of a search for a limit. */
export interface LimitResult {
  /** The highest rate at which all conditions held; null if there was none. */
  perSecond: number | null;
  /** Why the search ended. */
  reason: 'condition' | 'generator' | 'users' | 'highest' | 'stopped';
  /** The rate at which it ended, if that step did not pass. */
  brokenAt?: number;
  steps: LimitStepResult[];
}
