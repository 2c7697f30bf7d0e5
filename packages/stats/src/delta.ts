import { timesParts, type SeriesKey } from '@drumline/model';
import { parseHistogram } from './codec.js';
import type { ConnectionDelta } from './connections.js';
import { checkSketch } from './distinct.js';
import type { PhasesDelta } from './phases.js';

/** Everything a lane counted in one second: plain data that any serialiser carries. Deltas of a second add up. */
export interface IntervalDelta {
  /** Whole seconds since the run's start on the master's clock: the second in which the requests ended. From 0. */
  second: number;
  series: SeriesDelta[];
  checks: CheckDelta[];
  metrics: MetricDelta[];
  exceptions: ExceptionDelta[];
  /** Connections that were opened, one entry for each kind; absent where none was. */
  connections?: ConnectionDelta[];
  /** Sketch of the series that were counted as `(other)`; absent where all have their own. */
  unlisted?: Uint8Array;
}

/** What one series gained. */
export interface SeriesDelta {
  key: SeriesKey;
  /** Requests that ended, whatever their outcome. */
  requests: number;
  /** Failed requests, and requests of this or an earlier second that the user's code declared failed since. */
  failures: number;
  /** Requests that the end of the run cut off. They have no response time. */
  interrupted: number;
  /** Requests of this or a later second that were sent again; absent where none was. */
  resends?: number;
  bytesSent: number;
  bytesReceived: number;
  /** Encoded histogram of the response times, microseconds, of the `requests - interrupted` others, failed ones too. */
  latency: Uint8Array;
  /** Of those with a response time whose protocol tells phases; absent where none does. */
  phases?: PhasesDelta;
  errors: ErrorDelta[];
}

/** When something was seen: milliseconds since the run's start on the master's clock. */
export interface Sightings {
  occurrences: number;
  firstSeenAtMs: number;
  lastSeenAtMs: number;
}

export interface ErrorDelta extends Sightings {
  /** Why requests failed, in words that group well. */
  error: string;
  /**
   * One of the details that differ: an address, the server's message. Of several the first by the
   * alphabet.
   */
  example?: string;
}

export interface CheckDelta {
  name: string;
  passes: number;
  fails: number;
}

/** What a metric of the user's own gained. */
export type MetricDelta =
  | { kind: 'counter'; name: string; sum: number }
  | { kind: 'gauge'; name: string; last: number; lastAtMs: number; min: number; max: number }
  | { kind: 'rate'; name: string; hits: number; total: number }
  /** `values` is an encoded histogram of the values times 1,000. */
  | { kind: 'trend'; name: string; values: Uint8Array };

/** What the user's code threw. */
export interface ExceptionDelta extends Sightings {
  user: string;
  task: string;
  message: string;
  stack: string;
}

/** How many requests the target saw of it. */
export function requestsIn({ series }: IntervalDelta): number {
  return series.reduce((sum, { key, requests }) => sum + (timesParts(key) ? 0 : requests), 0);
}

/** The longest run, seconds: 30 days. Bounds what one delta can make a timeline hold. */
export const MAX_SECONDS = 30 * 24 * 60 * 60;

/** Throws a RangeError for a second that no run has. */
export function checkSecond(second: number): void {
  if (!Number.isInteger(second) || second < 0 || second >= MAX_SECONDS) {
    throw new RangeError(`second ${second} is not a whole number from 0 to ${MAX_SECONDS - 1}`);
  }
}

/**
 * Checks what types cannot say of a delta that came from elsewhere: that the second is possible and that each
 * histogram is one and holds as many values as there were response times or connections. Throws a RangeError.
 */
export function checkDelta(delta: IntervalDelta): void {
  checkSecond(delta.second);
  delta.series.forEach(checkSeries);
  for (const metric of delta.metrics) if (metric.kind === 'trend') parseHistogram(metric.values);
  delta.connections?.forEach(checkConnections);
  if (delta.unlisted !== undefined) checkSketch(delta.unlisted);
}

function checkSeries({ key, requests, interrupted, latency, phases }: SeriesDelta): void {
  const { count } = parseHistogram(latency);
  if (count !== requests - interrupted) {
    throw new RangeError(
      `${key.method} ${key.name}: ${count} response times for ${requests} requests, ${interrupted} of them interrupted`,
    );
  }
  if (phases !== undefined && phases.requests > count) {
    throw new RangeError(
      `${key.method} ${key.name}: phases of ${phases.requests} requests, response times of ${count}`,
    );
  }
}

function checkConnections({ kind, opened, dns, tcp, tls }: ConnectionDelta): void {
  const counts = [dns, tcp, tls].map((times) => parseHistogram(times).count);
  if (counts[0] !== opened || counts[1] !== opened || counts[2]! > opened) {
    throw new RangeError(
      `${kind.protocol}: ${opened} connections opened, but ${counts.join(', ')} times of DNS, TCP, TLS`,
    );
  }
}
