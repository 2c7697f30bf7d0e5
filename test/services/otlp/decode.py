"""Decodes requests of OTLP with OpenTelemetry's own classes, and prints what they hold as JSON.

Usage: decode.py PATH FILE ...; PATH is that of each request, without compression.
"""

import json
import sys

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


def main() -> None:
    decoded = []
    for path, file in zip(sys.argv[1::2], sys.argv[2::2]):
        kind = ExportMetricsServiceRequest if path.endswith("metrics") else ExportTraceServiceRequest
        message = kind()
        with open(file, "rb") as content:
            message.ParseFromString(content.read())
        known = kind()
        known.CopyFrom(message)
        known.DiscardUnknownFields()
        if known.SerializeToString() != message.SerializeToString():
            raise SystemExit(f"{file} has unknown fields")
        decoded.append(metrics_in(message) if kind is ExportMetricsServiceRequest else spans_in(message))
    print(json.dumps(decoded))


def metrics_in(message):
    metrics = {}
    for metric in message.resource_metrics[0].scope_metrics[0].metrics:
        points = getattr(metric, metric.WhichOneof("data")).data_points
        if hasattr(points[0], "scale"):
            for point in points:
                assert point.count == point.zero_count + sum(point.positive.bucket_counts)
            metrics[metric.name] = sum(point.count for point in points)
        else:
            metrics[metric.name] = sum(point.as_int or point.as_double for point in points)
    return metrics


def spans_in(message):
    spans = message.resource_spans[0].scope_spans[0].spans
    return [f"00-{span.trace_id.hex()}-{span.span_id.hex()}-01" for span in spans]


main()
