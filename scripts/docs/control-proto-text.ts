import { fileURLToPath } from 'node:url';
import { writeControlProto } from '@drumline/master/grpc';
import { comparisonView, runResult, runView, seriesPage, statusView, workersView } from '@drumline/wire';
import protobuf from 'protobufjs';

export const CONTROL_PROTO = fileURLToPath(
  new URL('../../../packages/drumline/control.proto', import.meta.url),
);

const { properties: result } = runResult;

/** Messages that several others contain. */
const NAMED = {
  Latency: result.totals.properties.latencyMs,
  PhaseMeans: result.totals.properties.phasesMs,
  Totals: result.totals,
  Series: result.series.items,
  ListedSeries: seriesPage.properties.series.items,
  ErrorKind: result.errors.items,
  Check: result.checks.items,
  Metric: result.metrics.items,
  Exception: result.exceptions.items,
  Connection: result.connections.items,
  Schedule: result.schedule.items,
  StartCounts: result.timeline.items.properties.starts,
  Point: result.timeline.items,
  Note: result.notes.items,
  Reason: result.reasons.items,
  Loss: result.losses.items,
  Worker: workersView.properties.workers.items,
  ComparedRun: comparisonView.properties.baseline,
  ComparedStatistic: comparisonView.properties.totals.properties.statistics.items,
  ComparedCounts: comparisonView.properties.totals,
  ComparedSeries: comparisonView.properties.series.items,
  Run: runView,
  Status: statusView,
};

/** @param before the file as it is, whose fields keep their numbers; empty if there is none */
export function controlProto(before: string): string {
  const root = before === '' ? new protobuf.Root() : protobuf.parse(before, { keepCase: true }).root;
  return writeControlProto(NAMED, (message, field) => {
    const found = root.lookup(`drumline.control.v1.${message}`, [protobuf.Type]);
    return found instanceof protobuf.Type ? found.fields[field]?.id : undefined;
  });
}
