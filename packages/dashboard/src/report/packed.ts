import type { RunResult, TimelinePoint } from '@drumline/client';

/** The data of a report: a result whose timeline has columns instead of points, to be small. */
export interface PackedResult {
  readonly result: Omit<RunResult, 'timeline'>;
  readonly timeline: PackedTimeline;
}

type Column = readonly (number | null)[];

interface PackedTimeline {
  /** Of the first point, milliseconds since 1970. */
  readonly startMs: number;
  /** Seconds from the start of the run to the first point. */
  readonly fromSecond: number;
  readonly stepSeconds: number;
  /** The most requests in one second. */
  readonly peakRate: number;
  /** A value for each point, by field. A field that is 0 everywhere is left out. */
  readonly columns: Readonly<Record<string, Column>>;
  readonly bands: readonly string[];
  /** The workers that were the bottleneck, with the numbers of the points. */
  readonly untrusted: readonly (readonly [point: number, workers: readonly string[]])[];
}

/** The most points of a report: one for each second of an hour. */
const MAX_POINTS = 3_600;
/** An incomplete last second without requests is shown from this length on. */
const SHORTEST_MS = 500;

const COUNTS = ['requests', 'failures', 'failedChecks', 'exceptions'] as const;
const STARTS = ['started', 'late', 'dropped', 'skipped'] as const;
const HIGHEST = ['users', 'plannedUsers', 'plannedRate', 'p50Ms', 'p95Ms', 'p99Ms'] as const;

/** Packs a result. A timeline of more than an hour has points of several seconds. */
export function packResult({ timeline, ...result }: RunResult): PackedResult {
  return { result, timeline: packTimeline(secondsOf(result.run, timeline), result.run.startedAt) };
}

/** Unpacks it again, with merged points if there were too many. */
export function unpackResult({ result, timeline }: PackedResult): RunResult {
  return { ...result, timeline: unpackTimeline(timeline) };
}

/** The points by second. Undefined where the timeline has none. */
function secondsOf(run: RunResult['run'], timeline: readonly TimelinePoint[]): (TimelinePoint | undefined)[] {
  const startMs = Date.parse(run.startedAt);
  const seconds: (TimelinePoint | undefined)[] = [];
  for (const point of timeline) {
    const second = Math.round((Date.parse(point.at) - startMs) / 1_000);
    if (!(second >= seconds.length)) continue;
    const isLast = point === timeline.at(-1);
    if (isLast && point.requests === 0 && run.durationMs - second * 1_000 < SHORTEST_MS) continue;
    while (seconds.length < second) seconds.push(undefined);
    seconds.push(point);
  }
  return seconds;
}

function packTimeline(seconds: readonly (TimelinePoint | undefined)[], startedAt: string): PackedTimeline {
  const first = Math.max(
    0,
    seconds.findIndex((point) => point !== undefined),
  );
  const stepSeconds = Math.max(1, Math.ceil((seconds.length - first) / MAX_POINTS));
  const fromSecond = first - (first % stepSeconds);
  const points: TimelinePoint[][] = [];
  for (let from = fromSecond; from < seconds.length; from += stepSeconds)
    points.push(seconds.slice(from, from + stepSeconds).filter((point) => point !== undefined));
  const sum = (read: (point: TimelinePoint) => number | undefined): Column =>
    points.map((merged) => merged.reduce((total, point) => total + (read(point) ?? 0), 0));
  const highest = (read: (point: TimelinePoint) => number | undefined): Column =>
    points.map((merged) =>
      merged.length === 0 ? null : Math.max(...merged.map((point) => short(read(point) ?? 0))),
    );
  const columns = [
    ...HIGHEST.map((name) => [name, highest((point) => point[name])] as const),
    ...COUNTS.map((name) => [name, sum((point) => point[name])] as const),
    ...STARTS.map((name) => [name, sum((point) => point.starts?.[name])] as const),
  ].filter(([, column]) => column.some((value) => value !== 0));
  return {
    startMs: Date.parse(startedAt) + fromSecond * 1_000,
    fromSecond,
    stepSeconds,
    peakRate: seconds.reduce((most, point) => Math.max(most, point?.requests ?? 0), 0),
    columns: Object.fromEntries(columns),
    bands: points.map((merged) => mergedBands(merged.map(({ latencyBands = '' }) => latencyBands))),
    untrusted: points.flatMap((merged, index) => {
      const workers = new Set(merged.flatMap(({ untrusted = [] }) => untrusted));
      return workers.size > 0 ? [[index, [...workers]] as const] : [];
    }),
  };
}

/** Four digits of a fraction: more cannot be seen in a chart. */
export function short(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}

function mergedBands(bands: readonly string[]): string {
  if (bands.length === 1) return bands[0]!;
  const counts = new Map<number, number>();
  for (const text of bands) {
    const [first, listed = ''] = text.split(':');
    if (listed === '') continue;
    listed
      .split(',')
      .forEach((count, index) =>
        counts.set(Number(first) + index, (counts.get(Number(first) + index) ?? 0) + Number(count)),
      );
  }
  if (counts.size === 0) return '';
  const [low, high] = [Math.min(...counts.keys()), Math.max(...counts.keys())];
  return `${low}:${Array.from({ length: high - low + 1 }, (_, index) => counts.get(low + index) ?? 0).join(',')}`;
}

function unpackTimeline({
  startMs,
  stepSeconds,
  columns,
  bands,
  untrusted,
}: PackedTimeline): TimelinePoint[] {
  const workers = new Map(untrusted);
  const value = (name: string, index: number): number => columns[name]?.[index] ?? 0;
  const planned = (name: 'plannedUsers' | 'plannedRate', index: number): Partial<TimelinePoint> =>
    columns[name] ? { [name]: value(name, index) } : {};
  const hasStarts = STARTS.some((name) => columns[name]);
  return bands.map((latencyBands, index) => ({
    at: new Date(startMs + index * stepSeconds * 1_000).toISOString(),
    users: value('users', index),
    ...planned('plannedUsers', index),
    ...planned('plannedRate', index),
    requests: value('requests', index),
    failures: value('failures', index),
    failedChecks: value('failedChecks', index),
    exceptions: value('exceptions', index),
    ...(hasStarts && {
      starts: {
        started: value('started', index),
        late: value('late', index),
        dropped: value('dropped', index),
        skipped: value('skipped', index),
      },
    }),
    ...(latencyBands !== '' && { latencyBands }),
    ...(workers.has(index) && { untrusted: [...workers.get(index)!] }),
    p50Ms: value('p50Ms', index),
    p95Ms: value('p95Ms', index),
    p99Ms: value('p99Ms', index),
  }));
}
