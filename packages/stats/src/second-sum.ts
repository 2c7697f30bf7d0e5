import { timesParts } from '@drumline/model';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ByteReader, ByteWriter } from './bytes.js';
import { addEncoded, encodeHistogram, scanHistogram } from './codec.js';
import type { IntervalDelta } from './delta.js';
import { Histogram } from './histogram.js';
import { bandsOf, type BandCounts } from './latency-bands.js';

/** A second of a run, over all series of requests. Quantiles are 0 without response times. */
export interface TimelinePoint {
  readonly second: number;
  readonly requests: number;
  readonly failures: number;
  readonly interrupted: number;
  readonly failedChecks: number;
  readonly exceptions: number;
  /** Response times that no series has in this second. The series have them in windows. */
  readonly coarseTimes: number;
  /** Starts of open and fixed workloads, see `ScheduleDelta`. */
  readonly started: number;
  readonly late: number;
  readonly dropped: number;
  readonly skipped: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Response times by band, see `LATENCY_BANDS`. */
  readonly bands: BandCounts;
}

const writer = new ByteWriter();

/** What a second counted over all series, without those that time parts of requests. */
export class SecondSum {
  requests = 0;
  failures = 0;
  interrupted = 0;
  failedChecks = 0;
  exceptions = 0;
  coarseTimes = 0;
  started = 0;
  late = 0;
  dropped = 0;
  skipped = 0;
  readonly latency = new Histogram();

  /** The sum of one delta, or of nothing. */
  static of(delta: IntervalDelta | undefined): SecondSum {
    const sum = new SecondSum();
    if (delta) sum.add(delta);
    return sum;
  }

  /** @throws RangeError if the bytes are not an encoded sum */
  static decode(bytes: Uint8Array): SecondSum {
    const reader = new ByteReader(inflated(bytes));
    const sum = new SecondSum();
    sum.requests = reader.varint();
    sum.failures = reader.varint();
    sum.interrupted = reader.varint();
    sum.failedChecks = reader.varint();
    sum.exceptions = reader.varint();
    sum.coarseTimes = reader.varint();
    sum.started = reader.varint();
    sum.late = reader.varint();
    sum.dropped = reader.varint();
    sum.skipped = reader.varint();
    sum.latency.addEncoded(scanHistogram(reader.bytes, reader.at));
    return sum;
  }

  add({ series, checks, exceptions, coarseLatency, schedule }: IntervalDelta): void {
    if (coarseLatency) {
      const before = this.latency.count;
      addEncoded(this.latency, coarseLatency);
      this.coarseTimes += this.latency.count - before;
    }
    for (const { key, requests, failures, interrupted, latency } of series) {
      if (timesParts(key)) continue;
      addEncoded(this.latency, latency);
      this.requests += requests;
      this.failures += failures;
      this.interrupted += interrupted;
    }
    for (const { fails } of checks) this.failedChecks += fails;
    for (const { occurrences } of exceptions) this.exceptions += occurrences;
    for (const { started, late, dropped, skipped } of schedule ?? []) {
      this.started += started;
      this.late += late;
      this.dropped += dropped;
      this.skipped += skipped;
    }
  }

  /**
   * Encodes the sum: varints of the counts, then the histogram, deflated (RFC 1951). Takes 3 KB for
   * 40,000 response times that are spread around 5 ms.
   */
  encode(): Uint8Array {
    writer.varint(this.requests);
    writer.varint(this.failures);
    writer.varint(this.interrupted);
    writer.varint(this.failedChecks);
    writer.varint(this.exceptions);
    writer.varint(this.coarseTimes);
    writer.varint(this.started);
    writer.varint(this.late);
    writer.varint(this.dropped);
    writer.varint(this.skipped);
    const counts = writer.take();
    const bytes = Buffer.concat([counts, encodeHistogram(this.latency)]);
    // A copy, because zlib returns a part of a larger buffer.
    return new Uint8Array(deflateRawSync(bytes, { level: 1 }));
  }

  point(second: number): TimelinePoint {
    const { requests, failures, interrupted, failedChecks, exceptions, coarseTimes } = this;
    const { started, late, dropped, skipped } = this;
    const [p50, p95, p99] = this.latency.quantiles([0.5, 0.95, 0.99]) as [number, number, number];
    const quantiles = { p50Ms: p50 / 1000, p95Ms: p95 / 1000, p99Ms: p99 / 1000 };
    const counts = { requests, failures, interrupted, failedChecks, exceptions, coarseTimes };
    const bands = bandsOf(this.latency);
    return { second, ...counts, started, late, dropped, skipped, ...quantiles, bands };
  }
}

function inflated(bytes: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(bytes);
  } catch (cause) {
    throw new RangeError(`not an encoded second: ${(cause as Error).message}`, { cause });
  }
}
