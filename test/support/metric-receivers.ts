// HTTP servers that decode what outputs send: OTLP over HTTP, and Prometheus' remote write. They
// read it with protobufjs and the fields of the published protos.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';
import { snappyDecompress } from './snappy.js';

const OTLP = `syntax = "proto3";
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
message KeyValue { string key = 1; AnyValue value = 2; }
message Resource { repeated KeyValue attributes = 1; }
message Scope { string name = 1; string version = 2; }
message Exemplar { fixed64 time_unix_nano = 2; double as_double = 3; bytes span_id = 4; bytes trace_id = 5; }
message Number { fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; oneof value { double as_double = 4; sfixed64 as_int = 6; } repeated KeyValue attributes = 7; }
message Buckets { sint32 offset = 1; repeated uint64 bucket_counts = 2; }
message Exponential { repeated KeyValue attributes = 1; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; fixed64 count = 4; double sum = 5; sint32 scale = 6; fixed64 zero_count = 7; Buckets positive = 8; repeated Exemplar exemplars = 11; double min = 12; double max = 13; }
message Explicit { fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; fixed64 count = 4; double sum = 5; repeated fixed64 bucket_counts = 6; repeated double explicit_bounds = 7; repeated Exemplar exemplars = 8; repeated KeyValue attributes = 9; double min = 11; double max = 12; }
message Gauge { repeated Number data_points = 1; }
message Sum { repeated Number data_points = 1; int32 aggregation_temporality = 2; bool is_monotonic = 3; }
message Histogram { repeated Explicit data_points = 1; int32 aggregation_temporality = 2; }
message ExponentialHistogram { repeated Exponential data_points = 1; int32 aggregation_temporality = 2; }
message Metric { string name = 1; string description = 2; string unit = 3; Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9; ExponentialHistogram exponential_histogram = 10; }
message ScopeMetrics { Scope scope = 1; repeated Metric metrics = 2; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
message Metrics { repeated ResourceMetrics resource_metrics = 1; }
message Event { fixed64 time_unix_nano = 1; string name = 2; }
message Status { string message = 2; int32 code = 3; }
message Span { bytes trace_id = 1; bytes span_id = 2; string name = 5; int32 kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; repeated Event events = 11; Status status = 15; fixed32 flags = 16; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Traces { repeated ResourceSpans resource_spans = 1; }
`;

const WRITE = `syntax = "proto3";
message Label { string name = 1; string value = 2; }
message Sample { double value = 1; int64 timestamp = 2; }
message Span { sint32 offset = 1; uint32 length = 2; }
message Histogram { uint64 count = 1; double sum = 3; sint32 schema = 4; double zero_threshold = 5; uint64 zero_count = 6; repeated Span spans = 11; repeated sint64 deltas = 12; int64 timestamp = 15; }
message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; repeated Histogram histograms = 4; }
message Metadata { int32 type = 1; string family = 2; string help = 4; }
message Request { repeated TimeSeries timeseries = 1; repeated Metadata metadata = 3; }
message Metadata2 { int32 type = 1; uint32 help_ref = 3; }
message TimeSeries2 { repeated uint32 labels_refs = 1; repeated Sample samples = 2; repeated Histogram histograms = 3; Metadata2 metadata = 5; }
message Request2 { repeated string symbols = 4; repeated TimeSeries2 timeseries = 5; }
`;

/** A request that a receiver was sent. */
export interface Received {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Accepts everything. Closes itself at the end of the scope. */
export class Receiver implements AsyncDisposable {
  readonly received: Received[] = [];
  /** The status of the next responses; 200 by default. */
  status = 200;
  readonly #server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { url = '', headers } = request;
      if (this.status === 200) this.received.push({ path: url, headers, body });
      response.writeHead(this.status).end();
    });
  });

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

export type Attributes = Readonly<Record<string, string | number>>;

/** A point of a metric of OTLP, with the fields that its kind has. */
export interface OtlpPoint {
  readonly attributes: Attributes;
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly value: number;
  readonly count: number;
  readonly sum: number;
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: { readonly offset: number; readonly bucketCounts: readonly number[] };
  readonly bucketCounts: readonly number[];
  readonly exemplars: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly asDouble: number;
  }[];
}

export interface OtlpMetric {
  readonly name: string;
  readonly unit: string;
  readonly kind: 'gauge' | 'sum' | 'histogram' | 'exponentialHistogram';
  readonly temporality: number;
  readonly resource: Attributes;
  readonly points: readonly OtlpPoint[];
}

export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly timeUnixNano: string }[];
  readonly status?: { readonly code: number; readonly message: string };
}

/* eslint-disable typescript/no-explicit-any -- decoded messages */
const otlp = protobuf.parse(OTLP).root;
const write = protobuf.parse(WRITE).root;

function decoded(root: protobuf.Root, type: string, bytes: Buffer): any {
  const message = root.lookupType(type);
  return message.toObject(message.decode(bytes), { longs: String, bytes: Buffer, arrays: true });
}

function plainBody({ headers, body }: Received): Buffer {
  return headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

function attributesOf(list: any[] = []): Attributes {
  return Object.fromEntries(
    list.map(({ key, value }) => [
      key,
      value.stringValue ?? (value.intValue === undefined ? value.doubleValue : Number(value.intValue)),
    ]),
  );
}

/** The metrics of a request to `/v1/metrics`. */
export function otlpMetrics(received: Received): OtlpMetric[] {
  const { resourceMetrics } = decoded(otlp, 'Metrics', plainBody(received));
  return resourceMetrics.flatMap(({ resource, scopeMetrics }: any) =>
    scopeMetrics[0].metrics.map((metric: any) => {
      const kind = ['gauge', 'sum', 'histogram', 'exponentialHistogram'].find((name) => metric[name])!;
      const { dataPoints, aggregationTemporality: temporality } = metric[kind];
      const { name, unit } = metric;
      return {
        name,
        unit,
        kind,
        temporality,
        resource: attributesOf(resource.attributes),
        points: dataPoints.map(pointOf),
      };
    }),
  );
}

function pointOf(point: any): OtlpPoint {
  const { attributes, asInt, asDouble, positive, exemplars = [], bucketCounts = [] } = point;
  return {
    ...point,
    attributes: attributesOf(attributes),
    value: asInt === undefined ? asDouble : Number(asInt),
    count: Number(point.count),
    zeroCount: Number(point.zeroCount ?? 0),
    bucketCounts: bucketCounts.map(Number),
    positive: positive && { offset: positive.offset ?? 0, bucketCounts: positive.bucketCounts.map(Number) },
    exemplars: exemplars.map(({ traceId, spanId, asDouble: value }: any) => ({
      traceId: traceId.toString('hex'),
      spanId: spanId.toString('hex'),
      asDouble: value,
    })),
  };
}

/** The spans of a request to `/v1/traces`. */
export function otlpSpans(received: Received): OtlpSpan[] {
  const { resourceSpans } = decoded(otlp, 'Traces', plainBody(received));
  return resourceSpans.flatMap(({ scopeSpans }: any) =>
    scopeSpans[0].spans.map((span: any) => ({
      ...span,
      traceId: span.traceId.toString('hex'),
      spanId: span.spanId.toString('hex'),
      attributes: attributesOf(span.attributes),
    })),
  );
}

export interface WrittenSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly { readonly value: number; readonly timestamp: number }[];
  readonly histograms: readonly { readonly count: number; readonly sum: number; readonly schema: number }[];
}

/** The series of a request of remote write, version 1 or 2. */
export function writtenSeries({ headers, body }: Received): WrittenSeries[] {
  const bytes = snappyDecompress(body);
  if (!String(headers['content-type']).includes('v2')) {
    const { timeseries } = decoded(write, 'Request', bytes);
    return timeseries.map(({ labels, ...rest }: any) =>
      seriesOf(
        labels.map(({ name, value }: any) => [name, value]),
        rest,
      ),
    );
  }
  const { symbols, timeseries } = decoded(write, 'Request2', bytes);
  return timeseries.map(({ labelsRefs, ...rest }: any) => {
    const texts = labelsRefs.map((ref: number) => symbols[ref]);
    const pairs = texts.flatMap((_: string, at: number) =>
      at % 2 === 0 ? [[texts[at], texts[at + 1]]] : [],
    );
    return seriesOf(pairs, rest);
  });
}

function seriesOf(pairs: [string, string][], { samples, histograms }: any): WrittenSeries {
  return {
    labels: Object.fromEntries(pairs),
    samples: samples.map(({ value = 0, timestamp }: any) => ({ value, timestamp: Number(timestamp) })),
    histograms: histograms.map(({ count, ...rest }: any) => ({ ...rest, count: Number(count) })),
  };
}
