import type { LatencyBar, RunResult, SeriesPoint, SeriesResult, TimedSeries } from '@drumline/client';
import { seriesNames } from '../run/series-names.js';
import { short } from './packed.js';

/** Series over the time of a run, as columns. */
export interface PackedSeries {
  /** Where the bars of all distributions begin and end, milliseconds, ascending. */
  readonly edges: readonly number[];
  readonly series: readonly PackedOne[];
}

interface PackedOne {
  /** Its index in the result. */
  readonly of: number;
  /** The first second. */
  readonly from: number;
  /** The lengths of its points: seconds, and how many points in a row have so many. */
  readonly steps: readonly (readonly [seconds: number, points: number])[];
  /** A value for each point, by field. A field that is 0 everywhere is left out. */
  readonly columns: Readonly<Record<string, readonly number[]>>;
  /** The edge where its first bar begins. */
  readonly edge: number;
  /** The counts of its bars. */
  readonly bars: readonly number[];
}

const FIELDS = ['requests', 'failures', 'p50Ms', 'p95Ms', 'p99Ms'] as const;

/** A last point is at least this long, so that its rate is not that of a moment. */
const SHORTEST_SECONDS = 0.2;

/** Packs the series that the result has, too. */
export function packSeries(
  { run, series: all }: Omit<RunResult, 'timeline'>,
  timed: readonly TimedSeries[],
): PackedSeries {
  const places = new Map(seriesNames(all).map((id, index) => [id, index]));
  const bounds = timed.flatMap(({ distribution }) =>
    distribution.flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
  );
  const edges = [...new Set(bounds)].sort((a, b) => a - b);
  const series = timed.flatMap(({ series: { id }, points, distribution }): PackedOne[] => {
    const of = places.get(id);
    if (of === undefined) return [];
    const counted = endedAt(points, run.durationMs / 1_000);
    const columns = FIELDS.map((field) => [field, counted.map((point) => short(point[field]))] as const);
    return [
      {
        of,
        from: points[0]?.second ?? 0,
        steps: lengthsOf(counted),
        columns: Object.fromEntries(columns.filter(([, column]) => column.some((value) => value !== 0))),
        edge: edges.indexOf(distribution[0]?.fromMs ?? 0),
        bars: distribution.map(({ count }) => count),
      },
    ];
  });
  return { edges, series };
}

/** Cuts the last point at the end of the run, or leaves it out if nothing was counted in it. */
function endedAt(points: readonly SeriesPoint[], end: number): readonly SeriesPoint[] {
  const last = points.at(-1);
  if (last === undefined) return points;
  const before = points.slice(0, -1);
  if (last.requests === 0 && end - last.second < SHORTEST_SECONDS) return before;
  const seconds = Math.min(last.seconds, Math.max(SHORTEST_SECONDS, short(end - last.second)));
  return [...before, { ...last, seconds }];
}

function lengthsOf(points: readonly SeriesPoint[]): [number, number][] {
  const lengths: [seconds: number, points: number][] = [];
  for (const { seconds } of points) {
    const last = lengths.at(-1);
    if (last?.[0] === seconds) last[1] += 1;
    else lengths.push([seconds, 1]);
  }
  return lengths;
}

/** Unpacks them again, in their order. */
export function unpackSeries(
  result: readonly SeriesResult[],
  { edges, series }: PackedSeries,
): TimedSeries[] {
  const names = seriesNames(result);
  return series.map(({ of, from, steps, columns, edge, bars }) => ({
    series: { id: names[of]!, ...result[of]! },
    knownFrom: from,
    points: pointsOf(from, steps, columns),
    distribution: bars.map((count, index): LatencyBar => ({
      fromMs: edges[edge + index]!,
      toMs: edges[edge + index + 1]!,
      count,
    })),
  }));
}

function pointsOf(from: number, steps: PackedOne['steps'], columns: PackedOne['columns']): SeriesPoint[] {
  let second = from;
  const lengths = steps.flatMap(([seconds, points]) => Array.from({ length: points }, () => seconds));
  return lengths.map((seconds, index) => {
    const value = (field: (typeof FIELDS)[number]): number => columns[field]?.[index] ?? 0;
    const point = {
      second,
      seconds,
      requests: value('requests'),
      failures: value('failures'),
      p50Ms: value('p50Ms'),
      p95Ms: value('p95Ms'),
      p99Ms: value('p99Ms'),
    };
    second += seconds;
    return point;
  });
}
