import { ProtoWriter } from '../encoding/proto-writer.js';
import { countsUpTo, exponentialBuckets } from '../sums/buckets.js';
import type { Distribution, Family } from './family.js';
import type { Labels } from './labels.js';
import type { MetricType } from './metrics.js';
import { writeNativeBuckets, ZERO_THRESHOLD } from './protobuf.js';
import { formatBound } from './text.js';

/** The value that ends a series: a NaN with these bits. */
const STALE = 0x7ff0_0000_0000_0002n;

/** Fields of a histogram with whole numbers. */
const HISTOGRAM = { count: 1, sum: 3, schema: 4, zeroThreshold: 5, zeros: 6, span: 11, delta: 12, time: 15 };

/** A series with one value. `stale` ends the series. */
export interface WriteSeries {
  readonly family: string;
  readonly type: MetricType;
  readonly help: string;
  /** With `__name__`, sorted by name. */
  readonly labels: Labels;
  readonly value: number | Distribution | 'stale';
}

/**
 * The series of remote write. A histogram is one series if it is native, and otherwise one for each
 * of its classic buckets, its sum and its count.
 */
export function seriesOf(families: readonly Family[], histograms: 'classic' | 'native'): WriteSeries[] {
  const series: WriteSeries[] = [];
  for (const { metric, points } of families) {
    const { name: family, type, help } = metric;
    for (const { labels, value } of points) {
      const add = (name: string, own: Labels, sample: number | Distribution): void => {
        series.push({ family, type, help, labels: sorted([['__name__', name], ...own]), value: sample });
      };
      if (typeof value === 'number' || histograms === 'native') add(family, labels, value);
      else addClassic(family, labels, value, add);
    }
  }
  return series;
}

function addClassic(
  name: string,
  labels: Labels,
  { histogram, perUnit, bounds }: Distribution,
  add: (name: string, labels: Labels, sample: number) => void,
): void {
  const counts = countsUpTo(histogram, perUnit, bounds);
  for (const [at, bound] of bounds.entries())
    add(`${name}_bucket`, [...labels, ['le', formatBound(bound)]], counts[at]!);
  add(`${name}_bucket`, [...labels, ['le', '+Inf']], histogram.count);
  add(`${name}_sum`, labels, histogram.sum / perUnit);
  add(`${name}_count`, labels, histogram.count);
}

function sorted(labels: Labels): Labels {
  return labels.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * A `prometheus.WriteRequest`, version 1.0 of remote write, without compression.
 * https://prometheus.io/docs/specs/prw/remote_write_spec/
 */
export function writeRequest(series: readonly WriteSeries[], atMs: number): Buffer {
  const writer = new ProtoWriter(64 * 1024);
  for (const one of series) {
    writer.message(1, () => {
      for (const [name, value] of one.labels)
        writer.message(1, () => {
          writer.string(1, name);
          writer.string(2, value);
        });
      writeValue(writer, one.value, atMs, { sample: 2, histogram: 4 });
    });
  }
  for (const { family, type, help } of oneOfEachFamily(series)) {
    writer.message(3, () => {
      writer.uint(1, METADATA_TYPES[type]);
      writer.string(2, family);
      writer.string(4, help);
    });
  }
  return writer.finish();
}

/** The same in version 2.0, in which texts are written once. */
export function writeRequest2(series: readonly WriteSeries[], atMs: number): Buffer {
  const writer = new ProtoWriter(64 * 1024);
  const symbols = new Map<string, number>([['', 0]]);
  const symbol = (text: string): number => {
    const known = symbols.get(text);
    if (known !== undefined) return known;
    symbols.set(text, symbols.size);
    return symbols.size - 1;
  };
  const encoded = new ProtoWriter(64 * 1024);
  for (const { labels, type, help, value } of series) {
    encoded.message(5, () => {
      encoded.packedUints(1, labels.flat().map(symbol));
      writeValue(encoded, value, atMs, { sample: 2, histogram: 3 });
      encoded.message(5, () => {
        encoded.uint(1, METADATA_TYPES[type]);
        encoded.uint(3, symbol(help));
      });
    });
  }
  for (const text of symbols.keys()) writer.string(4, text);
  return Buffer.concat([writer.finish(), encoded.finish()]);
}

const METADATA_TYPES: Readonly<Record<MetricType, number>> = { counter: 1, gauge: 2, histogram: 3 };

function oneOfEachFamily(series: readonly WriteSeries[]): WriteSeries[] {
  return [...new Map(series.map((one) => [one.family, one])).values()];
}

function writeValue(
  writer: ProtoWriter,
  value: WriteSeries['value'],
  atMs: number,
  fields: { readonly sample: number; readonly histogram: number },
): void {
  if (typeof value === 'object')
    return writer.message(fields.histogram, () => writeHistogram(writer, value, atMs));
  writer.message(fields.sample, () => {
    if (value === 'stale') writer.fixed64(1, STALE);
    else writer.double(1, value);
    writer.uint(2, atMs);
  });
}

function writeHistogram(writer: ProtoWriter, { histogram, perUnit }: Distribution, atMs: number): void {
  const native = exponentialBuckets(histogram, perUnit);
  writer.uint(HISTOGRAM.count, histogram.count);
  writer.double(HISTOGRAM.sum, histogram.sum / perUnit);
  writer.sint(HISTOGRAM.schema, native.scale);
  writer.double(HISTOGRAM.zeroThreshold, ZERO_THRESHOLD);
  writer.uint(HISTOGRAM.zeros, native.zeros);
  writeNativeBuckets(writer, native, { span: HISTOGRAM.span, delta: HISTOGRAM.delta });
  writer.uint(HISTOGRAM.time, atMs);
}
