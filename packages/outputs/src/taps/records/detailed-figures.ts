import { runSteps } from '@drumline/model';
import {
  latencyOf,
  summarize,
  summarizing,
  type Histogram,
  type IntervalDelta,
  type LateCounts,
} from '@drumline/stats';
import type { QuantileLadder, TapCounted } from '@drumline/wire';
import { countedOf } from '@drumline/wire/counted';

const LADDER = {
  p50: 0.5,
  p66: 0.66,
  p75: 0.75,
  p80: 0.8,
  p90: 0.9,
  p95: 0.95,
  p98: 0.98,
  p99: 0.99,
  p99_9: 0.999,
  p99_99: 0.9999,
} as const satisfies Record<keyof QuantileLadder, number>;
const NAMES = Object.keys(LADDER) as (keyof QuantileLadder)[];
const QUANTILES = Object.values(LADDER);

/** Everything that was counted in seconds in a row. @param startedAtMs start of the run */
export function detailedFigures(
  deltas: readonly IntervalDelta[],
  fromSecond: number,
  seconds: number,
  startedAtMs: number,
): TapCounted {
  const ladders: QuantileLadder[] = [];
  const visit = (latency: Histogram): unknown => ladders.push(ladderOf(latency));
  const { snapshot, untimed } = runSteps(summarizing(deltas, [], visit));
  const at = (ms: number): string => new Date(startedAtMs + ms).toISOString();
  const { totals, series, ...rest } = countedOf(snapshot, seconds, at);
  const latency = latencyOf(deltas);
  return {
    fromSecond,
    seconds,
    totals: {
      ...totals,
      ...(untimed > 0 && { latencyMs: summarize(latency) }),
      quantilesMs: ladderOf(latency),
    },
    series: series.map((one, index) => ({ ...one, quantilesMs: ladders[index]! })),
    ...rest,
    connections: snapshot.connections,
    schedule: snapshot.schedule,
  };
}

/** What is late, in detail. */
export function detailedLate({ deltas, fromSecond, toSecond }: LateCounts, startedAtMs: number): TapCounted {
  return detailedFigures(deltas, fromSecond, toSecond + 1 - fromSecond, startedAtMs);
}

function ladderOf(histogram: Histogram): QuantileLadder {
  const values = histogram.quantiles(QUANTILES);
  return Object.fromEntries(NAMES.map((name, index) => [name, values[index]! / 1_000])) as never;
}
