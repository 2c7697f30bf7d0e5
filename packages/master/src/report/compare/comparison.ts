import type { ChangeVerdict } from '@drumline/stats';

/** A run of a comparison. */
export interface ComparedRun {
  readonly id: string;
  readonly scenario: string;
  readonly target?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly drumline: string;
  /** The compared seconds, from the start of the run; the last one is not included. */
  readonly fromSecond: number;
  readonly toSecond: number;
  /** In the compared seconds, as are the rate and the users. */
  readonly requests: number;
  readonly rate: number;
  readonly meanUsers: number;
}

/** Something a reader must know to interpret the comparison. */
export interface Remark {
  readonly code:
    | 'warm-up'
    | 'not-steady'
    | 'too-short'
    | 'untrusted'
    | 'users-differ'
    | 'rate-differs'
    | 'target-differs'
    | 'scenario-differs'
    | 'machines-differ'
    | 'version-differs'
    | 'series-differ'
    | 'series-left-out'
    | 'series-limit'
    | 'run-notes'
    | 'no-histograms';
  readonly message: string;
}

/** A statistic of both runs: milliseconds, a share for an error rate, or requests per second. */
export interface ComparedStatistic {
  /** `p50`, `p99.9`, `mean`, `rate`, `error rate`. */
  readonly name: string;
  readonly before: number;
  readonly after: number;
  /**
   * 0.1 for 10 % more; for an error rate, new minus baseline. `low` and `high` bound it. They are
   * NaN if unknown.
   */
  readonly change: number;
  readonly low: number;
  readonly high: number;
  readonly verdict: ChangeVerdict;
  /** Why it cannot be told, if a longer run would not help. */
  readonly reason?: 'too-short' | 'too-few-requests';
  /** For `cannot-tell`: the length of both runs that would probably tell. */
  readonly neededMs?: number;
}

export interface ComparedCounts {
  readonly requests: { readonly before: number; readonly after: number };
  readonly verdict: ChangeVerdict;
  readonly statistics: readonly ComparedStatistic[];
}

export interface ComparedSeries extends ComparedCounts {
  readonly protocol: string;
  readonly method: string;
  readonly name: string;
  readonly user: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Responses of a status. Shares are of all requests. NaN if unknown. */
export interface ComparedStatus {
  /** `200`, `UNAVAILABLE`, `1011`, or `other`. */
  readonly status: string;
  readonly requests: { readonly before: number; readonly after: number };
  readonly before: number;
  readonly after: number;
  /** New minus baseline. `low` and `high` bound it. */
  readonly change: number;
  readonly low: number;
  readonly high: number;
  readonly verdict: 'more' | 'fewer' | 'same' | 'cannot-tell';
}

/** A condition of `--fail-if`, judged. */
export interface JudgedCondition {
  readonly expression: string;
  /** `failed`: beyond the limit and more than noise. `cannot-tell`: beyond it, but maybe noise. */
  readonly outcome: 'passed' | 'failed' | 'cannot-tell';
  readonly message: string;
  readonly observed?: ComparedStatistic;
}

/** Response times of two runs as shares of each in the same bars. */
export interface Distribution {
  /** Bounds of the bars, ascending: one more than there are bars. */
  readonly edgesMs: number[];
  readonly before: number[];
  readonly after: number[];
}

/** The comparison of two runs. */
export interface Comparison {
  readonly schema: 'drumline.comparison/1';
  readonly baseline: ComparedRun;
  readonly compared: ComparedRun;
  readonly remarks: readonly Remark[];
  /** Probability that nothing is called better or worse if nothing changed. */
  readonly confidence: number;
  /** Changes within these are `same`. */
  readonly margin: { readonly ratio: number; readonly errorRate: number };
  readonly verdict: ChangeVerdict;
  readonly totals: ComparedCounts;
  readonly series: readonly ComparedSeries[];
  /** Absent if a run has none. The verdict does not depend on them. */
  readonly statuses?: readonly ComparedStatus[];
  readonly conditions: readonly JudgedCondition[];
  /** Absent if the counts of a run are not known. */
  readonly distribution?: Distribution;
}
