// The comparison of two runs in the control API, as types without a library.

/** Which runs to compare. */
export interface CompareQuery {
  /** The earlier run: its id, or a unique beginning of it. */
  baseline: string;
  /** The run that is compared with it. */
  run: string;
  /** Changes of response times below this many percent count as the same; default 5. */
  margin?: number;
  /** Seconds at the start of both runs that are left out; default: detected. */
  skip?: number;
}

/** A run of a comparison. */
export interface ComparedRunView {
  id: string;
  scenario: string;
  target?: string;
  labels?: Record<string, string>;
  startedAt: string;
  /** The compared seconds, from the start of the run; the last one is not included. */
  fromSecond: number;
  toSecond: number;
  /** In the compared seconds, as are the rate and the users. */
  requests: number;
  rate: number;
  meanUsers: number;
}

export interface ComparedStatisticView {
  /** `p50`, `p95`, `p99`, `error rate`, `mean`, `rate`. */
  name: string;
  /** Milliseconds, a share for the error rate, or requests per second; null if unknown. */
  before: number | null;
  after: number | null;
  /** 0.1 for 10 % more; for the error rate, new minus baseline. */
  change: number | null;
  /** Bounds of the change, with the confidence of the comparison. */
  low: number | null;
  high: number | null;
  verdict: 'better' | 'worse' | 'same' | 'cannot-tell';
  /** The verdict in words, such as `too few requests`. */
  word: string;
  /** Such as `rose by 18 % (12 % to 24 %), from 210 ms to 248 ms`. */
  text: string;
}

export interface ComparedCountsView {
  requests: { before: number; after: number };
  verdict: 'better' | 'worse' | 'same' | 'cannot-tell';
  statistics: ComparedStatisticView[];
}

export interface ComparedSeriesView extends ComparedCountsView {
  protocol: string;
  method: string;
  name: string;
  user: string;
  tags: Record<string, string>;
  /** The verdict in words. */
  word: string;
}

/** Responses of a status. Shares are of all requests; null if unknown. */
export interface ComparedStatusView {
  /** `200`, `UNAVAILABLE`, `1011`, or `other`. */
  status: string;
  requests: { before: number; after: number };
  before: number | null;
  after: number | null;
  /** New minus baseline. */
  change: number | null;
  /** Bounds of the change, with the confidence of the comparison. */
  low: number | null;
  high: number | null;
  /** More or fewer responses had the status, and not by chance. */
  verdict: 'more' | 'fewer' | 'same' | 'cannot-tell';
}

/** The comparison of two runs that have ended. */
export interface ComparisonView {
  baseline: ComparedRunView;
  compared: ComparedRunView;
  /** What a reader must know to interpret it. */
  remarks: { code: string; message: string }[];
  /** Probability that nothing is called better or worse if nothing changed. */
  confidence: number;
  /** Changes within these are `same`. */
  margin: { ratio: number; errorRate: number };
  verdict: 'better' | 'worse' | 'same' | 'cannot-tell';
  /** What the verdict means. */
  meaning: string;
  /** How long runs must be to tell what these cannot. */
  advice?: string;
  totals: ComparedCountsView;
  series: ComparedSeriesView[];
  /** By code; absent if a run has no statuses. The verdict does not depend on them. */
  statuses?: ComparedStatusView[];
  /** Response times of all requests as shares of each run in the same bars. */
  distribution?: {
    /** Bounds of the bars, ascending: one more than there are bars. */
    edgesMs: number[];
    before: number[];
    after: number[];
  };
}
