import { timesParts, type FailureEvidence, type SeriesKey } from '@drumline/model';
import { scanHistogram } from './codec.js';
import { checkSketch } from './distinct.js';
import type { PhasesDelta } from './phases.js';
import { checkStatusCounts, type StatusCount } from './statuses.js';
import type { SpanSample } from './spans.js';

/** Everything that a lane counted in one second, as plain data. Deltas of a second can be added. */
export interface IntervalDelta {
  /** The second in which the requests ended: whole seconds since the start of the run. */
  second: number;
  series: SeriesDelta[];
  checks: CheckDelta[];
  metrics: MetricDelta[];
  exceptions: ExceptionDelta[];
  /** Opened connections, one entry for each kind; absent if there are none. */
  connections?: ConnectionDelta[];
  /** Starts of open and fixed workloads, by user type and phase; absent if there are none. */
  schedule?: ScheduleDelta[];
  /** A few of the failed requests; absent if there are none. */
  failureSamples?: FailureSample[];
  /** A few of the requests with a trace; absent if there are none. They are not stored. */
  spans?: SpanSample[];
  /** Sketch of the series that were counted as `(other)`; absent if there are none. */
  unlisted?: Uint8Array;
  /**
   * Response times of the requests whose entries in `series` lack theirs, over all series, as an
   * encoded histogram. Without those that time parts of requests. Absent if there are none.
   */
  coarseLatency?: Uint8Array;
  /** Response times of requests that were counted without them; absent if there are none. */
  windows?: WindowDelta[];
}

/**
 * Response times of a series that follow their counts: those of requests that ended in the seconds
 * from `fromSecond` through the second of the delta. A window does not cross a multiple of ten
 * seconds.
 */
export interface WindowDelta {
  key: SeriesKey;
  fromSecond: number;
  /** Encoded histograms, as in `SeriesDelta`. */
  latency: Uint8Array;
  service?: Uint8Array;
}

/** The counts that a series gained. */
export interface SeriesDelta {
  key: SeriesKey;
  /** Requests that ended, with any outcome. */
  requests: number;
  /** Failed requests, including earlier ones that the user's code has declared failed since. */
  failures: number;
  /** Requests that the end of the run interrupted. They have no response time. */
  interrupted: number;
  /** Requests of this or a later second that were resent; absent if there are none. */
  resends?: number;
  bytesSent: number;
  bytesReceived: number;
  /**
   * Encoded histogram of response times in microseconds, of all but interrupted requests. The
   * times of some or all requests may follow in `windows` of a later second.
   */
  latency: Uint8Array;
  /** The same of service times; absent if they are equal, because no iteration began late. */
  service?: Uint8Array;
  /** Phases of the requests that have them; absent if there are none. */
  phases?: PhasesDelta;
  /** Requests by the status of their response; absent if there are none. */
  statuses?: readonly StatusCount[];
  errors: ErrorDelta[];
}

/** How often and when something occurred, in milliseconds since the start of the run. */
export interface Occurrences {
  occurrences: number;
  firstSeenAtMs: number;
  lastSeenAtMs: number;
}

export interface ErrorDelta extends Occurrences {
  /** Why requests failed, as text that groups well. */
  error: string;
  /** One of the details that differ, such as an address: the alphabetically first. */
  example?: string;
}

export interface CheckDelta {
  /** With its tags: see `readTaggedName`. */
  name: string;
  passes: number;
  fails: number;
}

/** The values that a custom metric gained. Names include tags: see `readTaggedName`. */
export type MetricDelta =
  | { kind: 'counter'; name: string; sum: number }
  | { kind: 'gauge'; name: string; last: number; lastAtMs: number; min: number; max: number }
  | { kind: 'rate'; name: string; hits: number; total: number }
  /** `values` is an encoded histogram of the values times 1,000. */
  | { kind: 'trend'; name: string; values: Uint8Array };

/** The properties by which connections are grouped. */
export interface ConnectionKind {
  /** `http/1.1`, `h2` or `ws`. */
  readonly protocol: string;
  /** `TLSv1.3`; empty without TLS. */
  readonly tlsVersion: string;
  /** `TLS_AES_256_GCM_SHA384`; empty without TLS. */
  readonly cipher: string;
  readonly handshake: Handshake;
}

/** A full TLS handshake or a resumed session; `none` without TLS, `mixed` for several kinds. */
export type Handshake = 'none' | 'full' | 'resumed' | 'mixed';

/** Opened connections of one kind. */
export interface ConnectionDelta {
  kind: ConnectionKind;
  opened: number;
  /** Encoded histograms of the times to open them, in microseconds. */
  dns: Uint8Array;
  tcp: Uint8Array;
  tls: Uint8Array;
}

/** What became of the arrivals or iterations of a user type that were due. */
export interface ScheduleDelta {
  user: string;
  /** Phase of the load; empty if it has none. */
  phase: string;
  started: number;
  /** Those of `started` that began more than 10 ms after their due time. */
  late: number;
  /** Not started, because the limit of users was reached. */
  dropped: number;
  /** Not started, because the run was paused or ended first. */
  skipped: number;
}

/** A failed request, with what was sent and received. */
export interface FailureSample extends FailureEvidence {
  key: SeriesKey;
  error: string;
  /** Since the start of the run. */
  atMs: number;
}

/** Exceptions of the user's code. */
export interface ExceptionDelta extends Occurrences {
  user: string;
  task: string;
  message: string;
  stack: string;
}

/** The number of requests in a delta, without series that time parts of requests. */
export function requestsIn({ series }: IntervalDelta): number {
  return series.reduce((sum, { key, requests }) => sum + (timesParts(key) ? 0 : requests), 0);
}

/** The longest run in seconds: 30 days. Limits the memory that one delta can allocate. */
export const MAX_SECONDS = 30 * 24 * 60 * 60;

/** @throws RangeError if the second is out of range */
export function checkSecond(second: number): void {
  if (!Number.isInteger(second) || second < 0 || second >= MAX_SECONDS) {
    throw new RangeError(`second ${second} is not a whole number from 0 to ${MAX_SECONDS - 1}`);
  }
}

/**
 * Checks a delta of another process beyond its types. The second must be in range. Each histogram
 * must be valid.
 * @throws RangeError if the delta is inconsistent
 */
export function checkDelta(delta: IntervalDelta): void {
  delta.series.forEach(checkSeries);
  if (delta.coarseLatency !== undefined) scanHistogram(delta.coarseLatency);
  for (const { latency, service } of delta.windows ?? []) checkTimes(latency, service);
  checkRareCounts(delta);
}

/** Counts that are rare. Reports carry them as plain data. */
export type RareCounts = Pick<
  IntervalDelta,
  'second' | 'metrics' | 'exceptions' | 'connections' | 'schedule' | 'failureSamples' | 'spans' | 'unlisted'
>;

/** Does the same as `checkDelta` for rare counts. */
export function checkRareCounts({ second, metrics, connections, schedule, unlisted }: RareCounts): void {
  checkSecond(second);
  for (const metric of metrics) if (metric.kind === 'trend') scanHistogram(metric.values);
  connections?.forEach(checkConnections);
  schedule?.forEach(checkSchedule);
  if (unlisted !== undefined) checkSketch(unlisted);
}

function checkSeries({
  key,
  requests,
  interrupted,
  latency,
  service,
  phases,
  statuses = [],
}: SeriesDelta): void {
  checkTimes(latency, service);
  const timed = requests - interrupted;
  checkStatusCounts(statuses, timed);
  if (phases !== undefined && phases.requests > timed) {
    throw new RangeError(
      `${key.method} ${key.name}: phases of ${phases.requests} requests, response times of ${timed}`,
    );
  }
}

function checkSchedule({ user, started, late }: ScheduleDelta): void {
  if (late > started) throw new RangeError(`${user}: ${late} late starts of ${started}`);
}

function checkTimes(latency: Uint8Array, service: Uint8Array | undefined): void {
  const { count } = scanHistogram(latency);
  if (service !== undefined) checkServiceTimes(scanHistogram(service).count, count);
}

/** @throws RangeError unless there is a service time for each response time */
export function checkServiceTimes(serviceTimes: number, responseTimes: number): void {
  if (serviceTimes !== responseTimes)
    throw new RangeError(`${serviceTimes} service times, but ${responseTimes} response times`);
}

function checkConnections({ kind, opened, dns, tcp, tls }: ConnectionDelta): void {
  const counts = [dns, tcp, tls].map((times) => scanHistogram(times).count);
  if (counts[0] !== opened || counts[1] !== opened || counts[2]! > opened) {
    throw new RangeError(
      `${kind.protocol}: ${opened} connections opened, but ${counts.join(', ')} times of DNS, TCP, TLS`,
    );
  }
}
