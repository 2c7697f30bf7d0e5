import { spanIdOf } from '@drumline/model';
import type { SpanSample } from '@drumline/stats';
import { ProtoWriter } from '../encoding/proto-writer.js';
import {
  attributesOfSeries,
  serverAttributes,
  statusAttribute,
  writeAttributes,
  type Attribute,
  type Attributes,
} from './attributes.js';
import { nanoseconds, writeScope } from './metrics-request.js';

const CLIENT = 3;
const ERROR = 2;
/** The trace was sampled. */
const FLAGS = 1;

interface SpansRequest {
  readonly resource: Attributes;
  readonly version: string;
  /** Of the run, Unix time. */
  readonly startedAtMs: number;
  /** Of the run, if it has one. */
  readonly target: string | undefined;
}

/**
 * An `ExportTraceServiceRequest`: a span of the kind client for each request, with its phases as
 * events.
 */
export function spansRequest(
  spans: readonly SpanSample[],
  { resource, version, startedAtMs, target }: SpansRequest,
): Buffer {
  const writer = new ProtoWriter(16 * 1024);
  writer.message(1, () => {
    writer.message(1, () => writeAttributes(writer, 1, resource));
    writer.message(2, () => {
      writeScope(writer, version);
      for (const span of spans) writer.message(2, () => writeSpan(writer, span, startedAtMs, target));
    });
  });
  return writer.finish();
}

function writeSpan(
  writer: ProtoWriter,
  span: SpanSample,
  startedAtMs: number,
  target: string | undefined,
): void {
  const { key, traceId, spanId = spanIdOf(traceId), endedAtMs, durationUs, error, isInterrupted } = span;
  const endMs = startedAtMs + endedAtMs;
  const beginMs = endMs - durationUs / 1_000;
  writer.bytes(1, Buffer.from(traceId, 'hex'));
  writer.bytes(2, Buffer.from(spanId, 'hex'));
  writer.string(5, key.protocol === 'grpc' ? key.name : `${key.method} ${key.name}`.trim());
  writer.uint(6, CLIENT);
  writer.fixed64(7, nanoseconds(beginMs));
  writer.fixed64(8, nanoseconds(endMs));
  writeAttributes(writer, 9, [...attributesOf(span), ...serverAttributes(key, target)]);
  for (const [name, atMs] of eventsOf(span, beginMs)) {
    writer.message(11, () => {
      // Sums of phases are rounded.
      writer.fixed64(1, nanoseconds(Math.min(atMs, endMs)));
      writer.string(2, name);
    });
  }
  if (error !== undefined || isInterrupted) {
    writer.message(15, () => {
      writer.string(2, error ?? 'interrupted by the end of the run');
      writer.uint(3, ERROR);
    });
  }
  writer.fixed32(16, FLAGS);
}

function attributesOf({ key, status, error, lateMs, isInterrupted }: SpanSample): Attribute[] {
  const attributes = attributesOfSeries(key);
  if (status !== undefined) attributes.push(statusAttribute(key.protocol, status));
  if (error !== undefined) attributes.push(['error.type', error]);
  if (isInterrupted) attributes.push(['error.type', 'interrupted']);
  if (lateMs !== undefined) attributes.push(['drumline.late_ms', Math.round(lateMs)]);
  return attributes;
}

/**
 * The ends of the phases, one after the other. With redirects they are sums over all requests of
 * the chain, so that the instants are not exact then.
 */
function eventsOf({ phases }: SpanSample, beginMs: number): [name: string, atMs: number][] {
  if (!phases) return [];
  const { queuedMs, connectMs, sendMs, waitMs } = phases;
  const connected = beginMs + queuedMs + connectMs;
  const events: [string, number][] = [];
  if (queuedMs > 0) events.push(['connection available', beginMs + queuedMs]);
  if (connectMs > 0) events.push(['connected', connected]);
  events.push(['request sent', connected + sendMs], ['first byte received', connected + sendMs + waitMs]);
  return events;
}
