import { pack } from 'msgpackr';
import type { WorkerLoad } from './load.js';
import { responseTime, seededRandom, type Random } from './random.js';

const VARIANTS = 16;
const MAX_FRAMES = 500;
/** Milliseconds. */
const MEDIAN_MS = 50;
/** The interval of Locust's workers. */
export const LOCUST_REPORT_SECONDS = 3;
/** The class of the locustfile. */
export const LOCUST_USER = 'Visitor';

interface Entry {
  readonly name: string;
  readonly requests: number;
  /** Requests by response time in milliseconds. */
  readonly times: ReadonlyMap<number, number>;
}

interface Variant {
  readonly entries: readonly Entry[];
  readonly total: Entry;
}

/** Encoded `data` of Locust's `stats` messages: what `RequestStats.serialize_stats` returns. */
export class LocustReports {
  private readonly variants: Variant[];
  private readonly frames = new Map<string, Buffer>();

  constructor(load: WorkerLoad, seed: number) {
    const random = seededRandom(seed);
    this.variants = Array.from({ length: VARIANTS }, () => variantOf(load, random));
  }

  requestsOf(variant: number): number {
    return this.variants[variant % VARIANTS]!.total.requests;
  }

  /** @param second of Unix time in which the report is sent */
  dataOf(variant: number, second: number): Buffer {
    const number = variant % VARIANTS;
    const key = `${number} ${second}`;
    const known = this.frames.get(key);
    if (known) return known;
    const { entries, total } = this.variants[number]!;
    const data = pack({
      stats: entries.map((entry) => serialized(entry, second)),
      stats_total: serialized(total, second),
      errors: {},
      user_classes_count: { [LOCUST_USER]: 1 },
      user_count: 1,
    });
    if (this.frames.size >= MAX_FRAMES) this.frames.delete(this.frames.keys().next().value!);
    this.frames.set(key, data);
    return data;
  }
}

function variantOf({ series, buckets }: WorkerLoad, random: Random): Variant {
  const entries = Array.from({ length: series }, (_, index): Entry => {
    const times = timesOf(buckets, random);
    return { name: `/products/${index}/reviews`, times, requests: sum(times.values()) };
  });
  const times = new Map<number, number>();
  for (const entry of entries)
    for (const [ms, count] of entry.times) times.set(ms, (times.get(ms) ?? 0) + count);
  return { entries, total: { name: 'Aggregated', times, requests: sum(times.values()) } };
}

/**
 * Exactly this many response times, rounded as Locust rounds them. That leaves few for a healthy
 * target, so they are spread over more time if needed.
 */
function timesOf(buckets: number, random: Random): Map<number, number> {
  const times = new Map<number, number>();
  for (let draws = 0; times.size < buckets; draws += 1) {
    const ms = rounded(responseTime(random, MEDIAN_MS * (1 + draws / 1_000)));
    times.set(ms, (times.get(ms) ?? 0) + 1);
  }
  return times;
}

/** Two significant digits. */
function rounded(ms: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(ms)) - 1);
  return Math.round(ms / unit) * unit;
}

/** The fields of Locust's `StatsEntryDict`. */
function serialized({ name, requests, times }: Entry, second: number): object {
  const perSecond = Math.floor(requests / LOCUST_REPORT_SECONDS);
  const rates = new Map(
    Array.from({ length: LOCUST_REPORT_SECONDS }, (_, ago) => [
      second - ago,
      ago > 0 ? perSecond : requests - perSecond * (LOCUST_REPORT_SECONDS - 1),
    ]),
  );
  return {
    name,
    method: name === 'Aggregated' ? '' : 'GET',
    last_request_timestamp: second + 0.5,
    start_time: second - LOCUST_REPORT_SECONDS + 0.5,
    num_requests: requests,
    num_none_requests: 0,
    num_failures: 0,
    total_response_time: [...times].reduce((total, [ms, count]) => total + ms * count, 0),
    max_response_time: Math.max(...times.keys()),
    min_response_time: Math.min(...times.keys()),
    total_content_length: 4_000 * requests,
    response_times: times,
    num_reqs_per_sec: rates,
    num_fail_per_sec: {},
  };
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0);
}
