import type { Sample, SeriesKey } from '@drumline/model';
import { encodeHistogram, parseHistogram } from './codec.js';
import type { ErrorDelta, SeriesDelta } from './delta.js';
import { Histogram } from './histogram.js';
import { type LatencySummary, summarize } from './latency.js';
import { clipExample, clipName } from './limits.js';
import { type PhaseMeans, PhaseTally } from './phases.js';
import { addError, once } from './sightings.js';

/** What is known of a set of requests. The summary covers those with a response time: failed ones too, not interrupted ones. */
export interface SeriesTotals {
  requests: number;
  failures: number;
  interrupted: number;
  /** Sent again; no part of `requests`. */
  resends: number;
  bytesSent: number;
  bytesReceived: number;
  latencyMs: LatencySummary;
  /** Over those of them whose protocol tells phases; absent where none did. */
  phasesMs?: PhaseMeans;
}

/** Counts requests of any series together. */
export class Tally {
  requests = 0;
  failures = 0;
  interrupted = 0;
  resends = 0;
  bytesSent = 0;
  bytesReceived = 0;
  readonly latency = new Histogram();
  readonly phases = new PhaseTally();
  #summary: LatencySummary | undefined;

  /** The hot path: one sample. */
  record(sample: Sample): void {
    this.requests++;
    this.bytesSent += sample.bytesSent;
    this.bytesReceived += sample.bytesReceived;
    if (sample.outcome === 'interrupted') {
      this.interrupted++;
      return;
    }
    if (sample.outcome === 'failed') this.failures++;
    this.latency.record(sample.durationUs);
    if (sample.phases !== undefined) this.phases.add(sample.phases);
  }

  transferred(bytesSent: number, bytesReceived: number): void {
    this.bytesSent += bytesSent;
    this.bytesReceived += bytesReceived;
  }

  resent(bytesSent: number): void {
    this.resends++;
    this.bytesSent += bytesSent;
  }

  add(delta: SeriesDelta): void {
    this.latency.addParts(parseHistogram(delta.latency));
    if (delta.phases !== undefined) this.phases.add(delta.phases, delta.phases.requests);
    this.requests += delta.requests;
    this.failures += delta.failures;
    this.interrupted += delta.interrupted;
    this.resends += delta.resends ?? 0;
    this.bytesSent += delta.bytesSent;
    this.bytesReceived += delta.bytesReceived;
    this.#summary = undefined;
  }

  /** Summaries are kept until the next `add`, so that asking often is cheap. Not for tallies that `record`. */
  totals(): SeriesTotals {
    const { requests, failures, interrupted, resends, bytesSent, bytesReceived } = this;
    this.#summary ??= summarize(this.latency);
    const latencyMs = { ...this.#summary };
    const phasesMs = this.phases.means();
    return {
      requests,
      failures,
      interrupted,
      resends,
      bytesSent,
      bytesReceived,
      latencyMs,
      ...(phasesMs && { phasesMs }),
    };
  }

  /** Back to zero; the histogram keeps its memory for the next interval. */
  reset(): void {
    this.requests = 0;
    this.failures = 0;
    this.interrupted = 0;
    this.resends = 0;
    this.bytesSent = 0;
    this.bytesReceived = 0;
    this.latency.reset();
    this.phases.reset();
    this.#summary = undefined;
  }
}

/** The tally of one series, and why its requests failed. */
export class SeriesTally {
  readonly tally = new Tally();
  readonly errors = new Map<string, ErrorDelta>();

  constructor(readonly key: SeriesKey) {}

  /** Whether there is anything to report. */
  get used(): boolean {
    const { requests, failures, resends, bytesSent, bytesReceived } = this.tally;
    return requests > 0 || failures > 0 || resends > 0 || bytesSent > 0 || bytesReceived > 0;
  }

  /** Counts a failure of a request that has been counted as passed. */
  fail(reason: string, atMs: number): void {
    this.tally.failures++;
    this.error(reason, atMs);
  }

  error(reason: string, atMs: number, example?: string): void {
    const detail = example === undefined ? undefined : { example: clipExample(example) };
    addError(this.errors, { error: clipName(reason), ...once(atMs), ...detail });
  }

  add(delta: SeriesDelta): void {
    this.tally.add(delta);
    for (const error of delta.errors) addError(this.errors, error);
  }

  delta(): SeriesDelta {
    const { requests, failures, interrupted, resends, bytesSent, bytesReceived, latency } = this.tally;
    const phases = this.tally.phases.delta();
    return {
      key: this.key,
      requests,
      failures,
      interrupted,
      ...(resends > 0 && { resends }),
      bytesSent,
      bytesReceived,
      latency: encodeHistogram(latency),
      ...(phases && { phases }),
      errors: [...this.errors.values()],
    };
  }

  reset(): void {
    this.tally.reset();
    this.errors.clear();
  }
}
