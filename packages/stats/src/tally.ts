import type { Sample, SeriesKey } from '@drumline/model';
import { addEncoded, encodeHistogram } from './codec.js';
import type { ErrorDelta, SeriesDelta } from './delta.js';
import { Histogram } from './histogram.js';
import { type LatencySummary, summarize } from './latency.js';
import { clipExample, clipName } from './limits.js';
import { type PhaseMeans, PhaseTally } from './phases.js';
import { addError, once } from './occurrences.js';
import { StatusTally, type StatusTotals } from './statuses.js';

/** Totals of a set of requests. Response times exclude interrupted requests. */
export interface SeriesTotals {
  requests: number;
  failures: number;
  interrupted: number;
  /** Requests that were resent. Not included in `requests`. */
  resends: number;
  bytesSent: number;
  bytesReceived: number;
  /** Response times. */
  latencyMs: LatencySummary;
  /** Service times; absent if they are equal, because no iteration began late. */
  serviceMs?: LatencySummary;
  /** Means over the requests whose protocol measures phases; absent if there are none. */
  phasesMs?: PhaseMeans;
  /** Requests by status; absent if no response had one. */
  statuses?: StatusTotals;
}

/** A series with its counts. */
export interface CountedSeries {
  readonly key: SeriesKey;
  readonly tally: Readonly<
    Pick<Tally, 'gains' | 'requests' | 'failures' | 'bytesSent' | 'bytesReceived' | 'latencyMs' | 'totals'>
  >;
}

/** Counts requests. */
export class Tally {
  requests = 0;
  failures = 0;
  interrupted = 0;
  resends = 0;
  bytesSent = 0;
  bytesReceived = 0;
  /** Grows with every delta, so that readers see whether anything has changed. */
  gains = 0;
  readonly latency = new Histogram();
  readonly phases = new PhaseTally();
  readonly statuses = new StatusTally();
  #service: Histogram | undefined;
  #serviceDiffers = false;
  #summaries: { latencyMs: LatencySummary; serviceMs?: LatencySummary } | undefined;

  /** Counts a sample. Called for each request. */
  record(sample: Sample): void {
    this.requests++;
    this.bytesSent += sample.bytesSent;
    this.bytesReceived += sample.bytesReceived;
    if (sample.outcome === 'interrupted') {
      this.interrupted++;
      return;
    }
    if (sample.outcome === 'failed') this.failures++;
    const { durationUs, lateMs = 0, status } = sample;
    if (status !== undefined) this.statuses.record(status);
    if (lateMs > 0 || this.#serviceDiffers) this.openService().record(durationUs);
    this.latency.record(lateMs > 0 ? durationUs + Math.round(lateMs * 1_000) : durationUs);
    if (sample.phases !== undefined) this.phases.add(sample.phases, 1, lateMs);
  }

  /** Service times; undefined while they equal the response times. */
  get service(): Histogram | undefined {
    return this.#serviceDiffers ? this.#service : undefined;
  }

  /** Begins to count service times separately, if that has not begun. Must precede `latency`. */
  openService(): Histogram {
    this.#service ??= new Histogram();
    if (!this.#serviceDiffers) this.#service.add(this.latency);
    this.#serviceDiffers = true;
    return this.#service;
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
    this.addTimes(delta);
    if (delta.phases !== undefined) this.phases.add(delta.phases, delta.phases.requests, delta.phases.lateMs);
    if (delta.statuses !== undefined) this.statuses.addAll(delta.statuses);
    this.requests += delta.requests;
    this.failures += delta.failures;
    this.interrupted += delta.interrupted;
    this.resends += delta.resends ?? 0;
    this.bytesSent += delta.bytesSent;
    this.bytesReceived += delta.bytesReceived;
    this.#summaries = undefined;
  }

  /** Adds response times of requests that were counted before. */
  addTimes({ latency, service }: Pick<SeriesDelta, 'latency' | 'service'>): void {
    if (service !== undefined || this.#serviceDiffers) addEncoded(this.openService(), service ?? latency);
    addEncoded(this.latency, latency);
    this.gains++;
    this.#summaries = undefined;
  }

  /** The totals, cached until the next `add`. Do not use it together with `record`. */
  totals(): SeriesTotals {
    const { requests, failures, interrupted, resends, bytesSent, bytesReceived } = this;
    const { latencyMs, serviceMs } = this.#summarized();
    const phasesMs = this.phases.means();
    const statuses = this.statuses.totals();
    return {
      requests,
      failures,
      interrupted,
      resends,
      bytesSent,
      bytesReceived,
      latencyMs: { ...latencyMs },
      ...(serviceMs && { serviceMs: { ...serviceMs } }),
      ...(phasesMs && { phasesMs }),
      ...(statuses && { statuses }),
    };
  }

  /** As in `totals`, and not to be changed. */
  get latencyMs(): Readonly<LatencySummary> {
    return this.#summarized().latencyMs;
  }

  #summarized(): { latencyMs: LatencySummary; serviceMs?: LatencySummary } {
    const { service } = this;
    this.#summaries ??= {
      latencyMs: summarize(this.latency),
      ...(service && { serviceMs: summarize(service) }),
    };
    return this.#summaries;
  }

  /** Resets all counts. The histogram keeps its memory. */
  reset(): void {
    this.requests = 0;
    this.failures = 0;
    this.interrupted = 0;
    this.resends = 0;
    this.bytesSent = 0;
    this.bytesReceived = 0;
    this.latency.reset();
    this.#service?.reset();
    this.#serviceDiffers = false;
    this.phases.reset();
    this.statuses.reset();
    this.#summaries = undefined;
  }
}

/** The counts and errors of a series. */
export class SeriesTally {
  readonly tally = new Tally();
  readonly errors = new Map<string, ErrorDelta>();

  constructor(readonly key: SeriesKey) {}

  /** Whether anything was counted. */
  get used(): boolean {
    const { requests, failures, resends, bytesSent, bytesReceived, latency } = this.tally;
    if (requests > 0 || failures > 0 || resends > 0) return true;
    return bytesSent > 0 || bytesReceived > 0 || latency.count > 0;
  }

  /** Counts a failure of a request that was already counted as passed. */
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
    const { requests, failures, interrupted, resends, bytesSent, bytesReceived } = this.tally;
    const { latency, service } = this.tally;
    const phases = this.tally.phases.delta();
    const statuses = this.tally.statuses.delta();
    return {
      key: this.key,
      requests,
      failures,
      interrupted,
      ...(resends > 0 && { resends }),
      bytesSent,
      bytesReceived,
      latency: encodeHistogram(latency),
      ...(service && { service: encodeHistogram(service) }),
      ...(phases && { phases }),
      ...(statuses && { statuses }),
      errors: [...this.errors.values()],
    };
  }

  reset(): void {
    this.tally.reset();
    this.errors.clear();
  }
}
