import { ProtoWriter } from '../encoding/proto-writer.js';
import { countsUpTo, exponentialBuckets, type ExponentialBuckets } from '../sums/buckets.js';
import type { Exemplar } from '../sums/exemplars.js';
import { exemplarsByBucket, type Distribution, type Family } from './family.js';
import type { MetricType } from './metrics.js';

const TYPES: Readonly<Record<MetricType, number>> = { counter: 0, gauge: 1, histogram: 4 };
/** Fields of `Metric`. */
const VALUE = { gauge: 2, counter: 3, histogram: 7 } as const;
/** Values of at most this are in the zero bucket; the default of Prometheus' own clients. */
export const ZERO_THRESHOLD = 2 ** -128;

/**
 * Writes metrics as `io.prometheus.client.MetricFamily`, each after its length. Histograms have
 * classic and native buckets.
 * https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto
 */
export function exposeProtobuf(families: readonly Family[]): Buffer {
  const writer = new ProtoWriter(64 * 1024);
  for (const { metric, points } of families) {
    const { name, help, type } = metric;
    writer.delimited(() => {
      writer.string(1, name);
      writer.string(2, help);
      writer.uint(3, TYPES[type]);
      for (const { labels, value } of points) {
        writer.message(4, () => {
          for (const [label, text] of labels)
            writer.message(1, () => {
              writer.string(1, label);
              writer.string(2, text);
            });
          writer.message(VALUE[type], () => {
            if (typeof value === 'number') writer.double(1, value);
            else writeHistogram(writer, value);
          });
        });
      }
    });
  }
  return writer.finish();
}

function writeHistogram(writer: ProtoWriter, distribution: Distribution): void {
  const { histogram, perUnit, bounds } = distribution;
  writer.uint(1, histogram.count);
  writer.double(2, histogram.sum / perUnit);
  const counts = countsUpTo(histogram, perUnit, bounds);
  const exemplars = exemplarsByBucket(distribution);
  for (const [at, bound] of bounds.entries()) {
    writer.message(3, () => {
      writer.uint(1, counts[at]!);
      writer.double(2, bound);
      if (exemplars[at]) writeExemplar(writer, exemplars[at]);
    });
  }
  const native = exponentialBuckets(histogram, perUnit);
  writer.sint(5, native.scale);
  writer.double(6, ZERO_THRESHOLD);
  writer.uint(7, native.zeros);
  writeNativeBuckets(writer, native, { span: 12, delta: 13 });
}

/** Writes `io.prometheus.client.Exemplar` into a bucket. */
function writeExemplar(writer: ProtoWriter, { traceId, spanId, seconds, atMs }: Exemplar): void {
  writer.message(3, () => {
    for (const [name, value] of Object.entries({ trace_id: traceId, span_id: spanId }))
      writer.message(1, () => {
        writer.string(1, name);
        writer.string(2, value);
      });
    writer.double(2, seconds);
    writer.message(3, () => {
      writer.uint(1, Math.floor(atMs / 1_000));
      writer.uint(2, Math.round((atMs % 1_000) * 1e6));
    });
  });
}

/** Writes the buckets of a native histogram as spans and differences, which skip unused ones. */
export function writeNativeBuckets(
  writer: ProtoWriter,
  { offset, counts }: ExponentialBuckets,
  fields: { readonly span: number; readonly delta: number },
): void {
  const deltas: number[] = [];
  let previous = 0;
  // Bucket `i` of Prometheus is bucket `i - 1` of OpenTelemetry.
  let spanEnd = 0;
  let span: { offset: number; length: number } | undefined;
  const close = (): void => {
    const { offset: gap, length } = span!;
    writer.message(fields.span, () => {
      writer.sint(1, gap);
      writer.uint(2, length);
    });
  };
  for (const [at, count] of counts.entries()) {
    if (count === 0) continue;
    const index = offset + at + 1;
    if (span !== undefined && index === spanEnd) span.length += 1;
    else {
      if (span !== undefined) close();
      span = { offset: index - spanEnd, length: 1 };
    }
    spanEnd = index + 1;
    deltas.push(count - previous);
    previous = count;
  }
  // A histogram without buckets needs a span, or it would be taken for a classic one.
  span ??= { offset: 0, length: 0 };
  close();
  writer.packedSints(fields.delta, deltas);
}
