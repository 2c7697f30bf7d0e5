// The result of a run as types without a library, which users of `drumline/client` import. The
// schemas in ../result.ts describe the same values: the compiler compares them.
import type { LimitResult, ReasonResult, ThresholdResult, UntrustedResult, Verdict } from './verdict.js';

import type { PlanResult, ScheduleResult, StartCounts } from './plan.js';
import type { ErrorResult } from './errors.js';
import type { RowsResult } from './rows.js';
import type { AnnotationView } from './annotation.js';
import type { OutputView } from './output.js';
import type { SharedResult } from './shared.js';

export type { ErrorResult, FailureSampleResult } from './errors.js';

/** Response times in milliseconds, to the microsecond. 0 if no request finished. */
export interface LatencyResult {
  /** Exact, like `max`. Quantiles are within 0.1 %. */
  min: number;
  mean: number;
  p50: number;
  p90: number;
  p95: number;
  p99: number;
  p99_9: number;
  max: number;
}

/** Mean time of a request in each phase, in milliseconds. */
export interface PhaseMeansResult {
  /** From when an iteration was due until it began; absent if none was late. */
  late?: number;
  queued: number;
  connect: number;
  send: number;
  wait: number;
  receive: number;
}

/** What was counted of all requests, or of those of one series. */
export interface TotalsResult {
  /** All requests, with any outcome. */
  requests: number;
  failures: number;
  /**
   * Requests interrupted at the end of the stop timeout. Included in `requests`, not in `failures`,
   * and without response times.
   */
  interrupted: number;
  /**
   * Requests that were resent because the server closed an idle connection before it answered. Not
   * included in `requests`.
   */
  resends?: number;
  /** Requests per second, over the whole run. */
  rate: number;
  bytesSent: number;
  bytesReceived: number;
  /** Response times. They count from when an iteration was due, otherwise from the call. */
  latencyMs: LatencyResult;
  /** Service times, which count from the call; absent if they equal the response times. */
  serviceMs?: LatencyResult;
  /** Absent if the protocol does not measure phases. */
  phasesMs?: PhaseMeansResult;
  /**
   * Requests by the status of their response: `{ "200": 1234, "503": 2 }`. Absent if there are
   * none. Requests without a response have no status.
   */
  statuses?: Record<string, number>;
}

/** The requests of a user type with the same protocol, method, name and tags. */
export interface SeriesResult extends TotalsResult {
  protocol: string;
  method: string;
  name: string;
  /** User type. */
  user: string;
  tags: Record<string, string>;
  /** Times parts or groups of requests; not included in the totals. */
  part?: boolean;
}

export interface CheckResult {
  name: string;
  tags?: Tags;
  passes: number;
  fails: number;
}

/** A metric of the scenario. */
export type MetricResult =
  | { name: string; tags?: Tags; kind: 'counter'; sum: number; rate: number }
  | { name: string; tags?: Tags; kind: 'gauge'; last: number; min: number; max: number }
  | { name: string; tags?: Tags; kind: 'rate'; hits: number; total: number; rate: number }
  | { name: string; tags?: Tags; kind: 'trend'; count: number; values: LatencyResult };

/** Tags of a check or metric. Absent if it has none. */
type Tags = Record<string, string>;

/** An exception of the scenario's code. */
export interface ExceptionResult {
  user: string;
  task: string;
  message: string;
  stack: string;
  /** File, line and column in the scenario; absent if unknown. */
  place?: string;
  occurrences: number;
  firstSeenAt: string;
  lastSeenAt: string;
}

/** Opened connections of one kind. */
export interface ConnectionResult {
  /** `http/1.1`, `h2`, `ws`; `(other)` for all kinds beyond the first 100. */
  protocol: string;
  /** `TLSv1.3`; empty without TLS. */
  tlsVersion: string;
  /** `TLS_AES_256_GCM_SHA384`; empty without TLS. */
  cipher: string;
  /** `none`: without TLS. `resumed`: continued an earlier session. `mixed`: only for `(other)`. */
  handshake: 'none' | 'full' | 'resumed' | 'mixed';
  opened: number;
  dnsMs: LatencyResult;
  tcpMs: LatencyResult;
  /** Absent without TLS. */
  tlsMs?: LatencyResult;
}

/** One second of the run, on the master's clock. Quantiles are of response times. */
export interface TimelinePoint {
  at: string;
  users: number;
  /** Users that the plan asked for; absent if it asked for none. */
  plannedUsers?: number;
  /** Starts per second that the plan asked for; absent if no part of it has a rate. */
  plannedRate?: number;
  /**
   * Users that unreachable workers may have been running in addition; absent if there were none.
   */
  cutOffUsers?: number;
  /** Workers that were the bottleneck in this second; absent if there were none. */
  untrusted?: string[];
  requests: number;
  failures: number;
  failedChecks?: number;
  /** Exceptions thrown by the scenario's own code in this second. */
  exceptions?: number;
  /** Starts of arrivals and iterations; absent if there were none. */
  starts?: StartCounts;
  /**
   * Response times by band, as `FIRST:COUNT,COUNT,…` from the first band with a count. Band n
   * begins at 0.1 ms × 10^(n/5). Band 0 has all times below 0.16 ms, and band 31 has no end.
   * Absent without response times.
   */
  latencyBands?: string;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
}

export interface WorkerResult {
  id: string;
  host: string;
  /** Number of lanes. */
  lanes: number;
  /** Lane group of each lane; `default` without groups. */
  laneGroups?: string[];
  state: string;
  requests: number;
  /** The busiest second of the control process and of each lane. 100 is one CPU. */
  cpuPercent: { control: number; lanes: number[] };
  memoryBytes: number;
  /** Version of the worker. */
  drumline?: string;
  /** Version of Node on the worker. */
  node?: string;
  machine?: {
    /** Model. */
    cpu: string;
    cores: number;
    memoryBytes: number;
    os: string;
  };
  /**
   * Longest time between two heartbeats at the master. They are sent every second by default.
   */
  longestHeartbeatGapMs?: number;
  /** How much of the limits of its machine it used, measured once a second. */
  reached?: {
    /** Of the lane with the most open files. */
    openFiles?: { most: number; limit: number };
    /** As if all connections went to one address of the target; with those in TIME_WAIT. */
    localPorts?: { most: number; limit: number };
    /** How long its CPU quota stopped it during the run. Absent without a quota. */
    throttledMs?: number;
  };
}

/** A lost worker or lane, with the requests that may not be counted. */
export interface LossResult {
  worker: string;
  /** Number of the lane; absent if the whole worker was lost. */
  lane?: number;
  host: string;
  at: string;
  reason: string;
  /** Whether it returned and delivered everything that it had counted. */
  returned: boolean;
  /** Requests that ended after this may not be counted; absent if all are counted. */
  uncountedFrom?: string;
  /**
   * Upper bound of uncounted requests: until the latest time at which it stopped; absent if all are
   * counted.
   */
  uncountedAtMost?: number;
  /**
   * Uncounted requests if it stopped right after its last message, like a killed process; absent if
   * all are counted.
   */
  uncountedLikely?: number;
  /**
   * Basis of the estimate: its own rate, the rate of other users in this run, or the most that
   * lanes can send.
   */
  uncountedBy?: 'own-rate' | 'rate-of-others' | 'capacity';
  /**
   * Upper bound of the arrivals or iterations that did not happen, happened twice, or are not
   * counted; absent if there are none.
   */
  startsAtMost?: number;
}

/** What a reader must know to interpret the figures. */
export interface NoteResult {
  code: string;
  message: string;
}

/** The result of a run: a stable format for scripts, and the input of `drumline report`. */
export interface RunResult {
  schema: 'drumline.result/1';
  run: {
    id: string;
    scenario: string;
    target?: string;
    state: string;
    startedAt: string;
    endedAt: string;
    durationMs: number;
    /** Version that wrote this result. */
    drumline: string;
    labels?: Record<string, string>;
    /** Values of the scenario's parameters. */
    parameters?: Record<string, string | number | boolean>;
  };
  plan?: PlanResult;
  /** Command-line options by long name. */
  options?: Record<string, string>;
  verdict: Verdict;
  /** Exit code of the command. */
  exitCode: number;
  /** Name of the exit code. */
  exit: string;
  /** Empty if the verdict is `passed`. */
  reasons?: ReasonResult[];
  /** In the order of the plan; absent if it has no thresholds. */
  thresholds?: ThresholdResult[];
  /** The answer of `findLimit`; absent with another load. */
  limit?: LimitResult;
  totals: TotalsResult;
  series: SeriesResult[];
  errors: ErrorResult[];
  checks: CheckResult[];
  metrics: MetricResult[];
  exceptions: ExceptionResult[];
  /** Opened connections by kind. */
  connections?: ConnectionResult[];
  /** Test data that is used once or borrowed; absent if there is none. */
  rows?: RowsResult[];
  /** Values that the scenario shared by name; absent if there are none. */
  shared?: SharedResult;
  /** Arrivals and iterations by user type and phase; absent if the load has none. */
  schedule?: ScheduleResult[];
  /** One point per second. */
  timeline: TimelinePoint[];
  /** Seconds for which response times of single series are known in windows only, if any. */
  coarseSeconds?: number;
  /** Seconds in which the generator was the bottleneck; absent if there were none. */
  untrusted?: UntrustedResult[];
  workers: WorkerResult[];
  losses?: LossResult[];
  /** Remarks at instants of the run; absent if there are none. */
  annotations?: AnnotationView[];
  /** Where the seconds of the run were written while it ran; absent if nowhere. */
  outputs?: OutputView[];
  notes: NoteResult[];
}
