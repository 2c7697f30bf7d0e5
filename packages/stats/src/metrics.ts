import { addEncoded, encodeHistogram } from './codec.js';
import type { MetricDelta } from './delta.js';
import { Histogram } from './histogram.js';
import { type LatencySummary, summarize } from './latency.js';
import { clipName, hasRoom, MAX_METRICS, OTHER } from './limits.js';
import { readTaggedName, type TaggedName } from './tagged-name.js';

/** Totals of a custom metric. The figures of a trend have the user's unit and three decimals. */
export type MetricTotals = TaggedName &
  (
    | { kind: 'counter'; sum: number }
    | { kind: 'gauge'; last: number; min: number; max: number }
    /** `rate` is hits / total, 0 to 1. */
    | { kind: 'rate'; hits: number; total: number; rate: number }
    | ({ kind: 'trend'; count: number } & LatencySummary)
  );

type Scalar = Exclude<MetricDelta, { kind: 'trend' }>;
type Trend = { kind: 'trend'; name: string; values: Histogram };

/** Counts custom metrics. A name that is used for two kinds is two metrics. */
export class MetricTally {
  readonly #scalars = new Map<string, Scalar>();
  readonly #trends = new Map<string, Trend>();

  /** Adds a delta. A gauge keeps the latest value; at equal times, the one added last. */
  add(delta: MetricDelta): void {
    if (delta.kind === 'trend') addEncoded(this.#trend(delta.name), delta.values);
    else this.#addScalar(delta);
  }

  /** Adds a value to a trend: 0 to 3,600,000, stored in thousandths. Negative values count as 0. */
  addToTrend(name: string, value: number): void {
    this.#trend(name).record(value * 1000);
  }

  deltas(): MetricDelta[] {
    const scalars: MetricDelta[] = [...this.#scalars.values()].map((scalar) => ({ ...scalar }));
    for (const { kind, name, values } of this.#trends.values()) {
      scalars.push({ kind, name, values: encodeHistogram(values) });
    }
    return scalars;
  }

  /** The sum of a counter; 0 if it does not exist. */
  counter(name: string): number {
    const known = this.#scalars.get(`counter ${name}`);
    return known?.kind === 'counter' ? known.sum : 0;
  }

  /** All metrics except trends. */
  get scalars(): Iterable<Readonly<Scalar>> {
    return this.#scalars.values();
  }

  /** All trends. Their values are stored times 1,000. */
  get trends(): Iterable<Readonly<Trend>> {
    return this.#trends.values();
  }

  /** Sorted by name and tags, then kind. */
  totals(): MetricTotals[] {
    const totals: MetricTotals[] = [...this.#scalars.values()].map(totalsOf);
    for (const { kind, name, values } of this.#trends.values()) {
      totals.push({ kind, name, count: values.count, ...summarize(values) });
    }
    totals.sort((a, b) => compare(a.name, b.name) || compare(a.kind, b.kind));
    return totals.map((metric) => ({ ...metric, ...readTaggedName(metric.name) }));
  }

  clear(): void {
    this.#scalars.clear();
    this.#trends.clear();
  }

  #addScalar(delta: Scalar): void {
    const id = `${delta.kind} ${delta.name}`;
    const known = this.#scalars.get(id);
    if (known !== undefined) return merge(known, delta);
    const name = this.#nameFor(this.#scalars, delta.name);
    if (name === delta.name) this.#scalars.set(id, { ...delta });
    else this.#addScalar({ ...delta, name });
  }

  #trend(name: string): Histogram {
    const known = this.#trends.get(name);
    if (known !== undefined) return known.values;
    const kept = this.#nameFor(this.#trends, name);
    if (kept !== name) return this.#trend(kept);
    const trend: Trend = { kind: 'trend', name, values: new Histogram() };
    this.#trends.set(name, trend);
    return trend.values;
  }

  /** The name for a new metric. Beyond the limit, metrics of a kind are counted as one. */
  #nameFor(metrics: ReadonlyMap<string, unknown>, name: string): string {
    return name === OTHER || hasRoom(metrics, MAX_METRICS) ? clipName(name) : OTHER;
  }
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Adds `delta` to `known`, which has the same kind and name. */
function merge(known: Scalar, delta: Scalar): void {
  if (known.kind === 'counter' && delta.kind === 'counter') {
    // The sum of two finite numbers can be Infinity, which JSON cannot express.
    known.sum = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, known.sum + delta.sum));
  } else if (known.kind === 'rate' && delta.kind === 'rate') {
    known.hits += delta.hits;
    known.total += delta.total;
  } else if (known.kind === 'gauge' && delta.kind === 'gauge') {
    if (delta.lastAtMs >= known.lastAtMs) {
      known.last = delta.last;
      known.lastAtMs = delta.lastAtMs;
    }
    known.min = Math.min(known.min, delta.min);
    known.max = Math.max(known.max, delta.max);
  }
}

function totalsOf(scalar: Scalar): MetricTotals {
  switch (scalar.kind) {
    case 'counter':
      return { ...scalar };
    case 'gauge': {
      const { kind, name, last, min, max } = scalar;
      return { kind, name, last, min, max };
    }
    case 'rate':
      return { ...scalar, rate: scalar.total === 0 ? 0 : scalar.hits / scalar.total };
  }
}
