import type { Exemplar } from '../sums/exemplars.js';
import type { SeriesKey } from '@drumline/model';
import { ProtoWriter } from '../encoding/proto-writer.js';
import { countsUpTo, exponentialBuckets } from '../sums/buckets.js';
import { writeAttributes, type Attributes } from './attributes.js';
import { INSTRUMENTS, type Instrument, type InstrumentName, type Measured, type Values } from './measured.js';
import type { OtlpSettings } from './settings.js';

const DELTA = 1;
const CUMULATIVE = 2;
/** The explicit bounds that the semantic conventions advise for durations in seconds. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

export interface MetricsRequest {
  readonly resource: Attributes;
  readonly version: string;
  readonly measured: ReadonlyMap<InstrumentName, readonly Measured[]>;
  /** Unix times in milliseconds: since when was counted, and until when. */
  readonly sinceMs: number;
  readonly atMs: number;
  readonly exemplarsOf: (series: SeriesKey) => readonly Exemplar[];
}

/**
 * An `ExportMetricsServiceRequest`.
 * https://opentelemetry.io/docs/specs/otel/metrics/data-model/
 */
export function metricsRequest(
  request: MetricsRequest,
  settings: Pick<OtlpSettings, 'temporality' | 'histograms'>,
): Buffer {
  const writer = new ProtoWriter(64 * 1024);
  writer.message(1, () => {
    writer.message(1, () => writeAttributes(writer, 1, request.resource));
    writer.message(2, () => {
      writeScope(writer, request.version);
      for (const [name, points] of request.measured)
        writer.message(2, () => writeMetric(writer, INSTRUMENTS[name], points, request, settings));
    });
  });
  return writer.finish();
}

/** The instrumentation scope of all metrics and spans. */
export function writeScope(writer: ProtoWriter, version: string): void {
  writer.message(1, () => {
    writer.string(1, 'drumline');
    writer.string(2, version);
  });
}

/** Unix time in nanoseconds, which a number cannot hold. */
export function nanoseconds(unixMs: number): bigint {
  const ms = Math.floor(unixMs);
  return BigInt(ms) * 1_000_000n + BigInt(Math.round((unixMs - ms) * 1e6));
}

function writeMetric(
  writer: ProtoWriter,
  { name, kind, unit, description }: Instrument,
  points: readonly Measured[],
  request: MetricsRequest,
  { temporality, histograms }: Pick<OtlpSettings, 'temporality' | 'histograms'>,
): void {
  const since = nanoseconds(request.sinceMs);
  const at = nanoseconds(request.atMs);
  const temporal = temporality === 'delta' ? DELTA : CUMULATIVE;
  writer.string(1, name);
  writer.string(2, description);
  writer.string(3, unit);
  if (kind === 'histogram') {
    const isExponential = histograms === 'exponential';
    const writePoint = isExponential ? writeExponential : writeExplicit;
    writer.message(isExponential ? 10 : 9, () => {
      for (const { attributes, value, series } of points)
        writer.message(1, () => {
          writeAttributes(writer, isExponential ? 1 : 9, attributes);
          writer.fixed64(2, since);
          writer.fixed64(3, at);
          writePoint(writer, value as Values);
          const exemplars = series ? request.exemplarsOf(series) : [];
          writeExemplars(writer, isExponential ? 11 : 8, exemplars);
        });
      writer.uint(2, temporal);
    });
    return;
  }
  writer.message(kind === 'sum' ? 7 : 5, () => {
    for (const { attributes, value } of points)
      writer.message(1, () => {
        writeAttributes(writer, 7, attributes);
        if (kind === 'sum') writer.fixed64(2, since);
        writer.fixed64(3, at);
        writeNumber(writer, value as number);
      });
    if (kind !== 'sum') return;
    writer.uint(2, temporal);
    writer.uint(3, 1);
  });
}

function writeNumber(writer: ProtoWriter, value: number): void {
  if (Number.isSafeInteger(value)) writer.fixed64(6, BigInt(value));
  else writer.double(4, value);
}

/** The fields that both kinds of histograms have with the same numbers. */
function writeCounts(writer: ProtoWriter, { histogram, perUnit }: Values): void {
  writer.fixed64(4, BigInt(histogram.count));
  writer.double(5, histogram.sum / perUnit);
}

function writeExponential(writer: ProtoWriter, values: Values): void {
  const { histogram, perUnit } = values;
  const { scale, zeros, offset, counts } = exponentialBuckets(histogram, perUnit);
  writeCounts(writer, values);
  writer.sint(6, scale);
  writer.fixed64(7, BigInt(zeros));
  writer.message(8, () => {
    writer.sint(1, offset);
    writer.packedUints(2, counts);
  });
  if (histogram.count === 0) return;
  writer.double(12, histogram.min / perUnit);
  writer.double(13, histogram.max / perUnit);
}

function writeExplicit(writer: ProtoWriter, values: Values): void {
  const { histogram, perUnit } = values;
  writeCounts(writer, values);
  const upTo = [...countsUpTo(histogram, perUnit, BOUNDS), histogram.count];
  writer.packedFixed64(
    6,
    upTo.map((count, at) => count - (upTo[at - 1] ?? 0)),
  );
  writer.packedDoubles(7, BOUNDS);
  if (histogram.count === 0) return;
  writer.double(11, histogram.min / perUnit);
  writer.double(12, histogram.max / perUnit);
}

function writeExemplars(writer: ProtoWriter, field: number, exemplars: readonly Exemplar[]): void {
  for (const { traceId, spanId, atMs, seconds } of exemplars) {
    writer.message(field, () => {
      writer.fixed64(2, nanoseconds(atMs));
      writer.double(3, seconds);
      writer.bytes(4, Buffer.from(spanId, 'hex'));
      writer.bytes(5, Buffer.from(traceId, 'hex'));
    });
  }
}
