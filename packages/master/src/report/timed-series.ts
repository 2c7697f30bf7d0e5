import { readOrder, seriesId, shortSeriesId, type NamedSeries, type SeriesKey } from '@drumline/model';
import { latencyBars, SeriesSteps, type RunHistory, type StepRange } from '@drumline/stats';
import type {
  ListedSeries,
  RunResult,
  SeriesResult,
  SeriesTimelineQuery,
  SeriesTimelineView,
  TimedSeries,
} from '@drumline/wire';
import { readSeriesSteps } from '../store/series-reader.js';

/** The most series of a report that have charts over time. */
const MOST_SERIES = 100;
/** Points of all series together, so that a report of any run stays small. */
const MOST_POINTS = 20_000;
/** Points of one series, at least and at most. */
const POINTS = [200, 600] as const;
/** Run files have the early seconds of longer runs in tens. */
const SINGLE_SECONDS = 60;
const TEN_SECONDS_MS = 10_000;

/** Reads series over the time of a run: at a master, or from where it was stored. */
export type ReadTimedSeries = (
  query: SeriesTimelineQuery,
) => Pick<SeriesTimelineView, 'timelines'> | Promise<Pick<SeriesTimelineView, 'timelines'>>;

/**
 * Reads the series of a run that a report shows over time: its busiest ones. A report is written
 * without them if they cannot be read.
 */
export async function reportedSeries(
  { run, series }: Pick<RunResult, 'run' | 'series'>,
  read: ReadTimedSeries | undefined,
): Promise<readonly TimedSeries[]> {
  const limit = Math.min(series.length, MOST_SERIES);
  if (limit === 0 || read === undefined) return [];
  try {
    const { timelines } = await read({ limit, points: pointsOf(run.durationMs, limit) });
    return timelines.filter((one) => one.points.length > 0);
  } catch {
    return [];
  }
}

/** All points are of the same length: single seconds beside tens would look like another load. */
function pointsOf(durationMs: number, series: number): number {
  const [least, most] = POINTS;
  const points = Math.max(least, Math.min(most, Math.floor(MOST_POINTS / series)));
  if (durationMs <= SINGLE_SECONDS * 1_000) return points;
  return Math.min(points, Math.max(10, Math.ceil(durationMs / TEN_SECONDS_MS) + 1));
}

/** Series of a stored run over its time. @param path its run file */
export async function storedSeries(
  { run }: RunResult,
  series: readonly ListedSeries[],
  path: string,
  query: SeriesTimelineQuery,
): Promise<TimedSeries[]> {
  const order = { path, isFinal: true, changedFrom: Infinity, range: rangeOf(query, endOf(run)) };
  const read = await readSeriesSteps({ ...order, ids: series.map((one) => seriesId(keyOf(one))) });
  return series.map((one, index) => {
    const { knownFrom, steps, distribution } = read[index]!;
    return { series: one, knownFrom, points: [...steps], distribution: [...distribution] };
  });
}

/** The busiest series of a run over its time, from its run file. */
export function readFromFile(result: RunResult, path: string): ReadTimedSeries {
  return async (query) => ({ timelines: await storedSeries(result, busiest(result, query), path, query) });
}

/** The busiest series of a run over its time, from its counts elsewhere. */
export function readFromHistory(
  result: RunResult,
  history: () => Promise<RunHistory | undefined>,
): ReadTimedSeries {
  return async (query) => {
    const series = busiest(result, query);
    const counted = await history();
    const steps = counted ? stepsOf(series, counted) : [];
    const range = rangeOf(query, endOf(result.run));
    const timelines = steps.map((one, index) => ({
      series: series[index]!,
      knownFrom: 0,
      points: one.steps(range),
      distribution: latencyBars(one.latency()),
    }));
    return { timelines };
  };
}

function stepsOf(series: readonly ListedSeries[], history: RunHistory): SeriesSteps[] {
  const steps = new Map(series.map((one) => [seriesId(keyOf(one)), new SeriesSteps()]));
  let tieredUntil = 0;
  for (const { second, series: counted } of history.tiers()) {
    for (const counts of counted) steps.get(seriesId(counts.key))?.add(second, history.tierSeconds!, counts);
    tieredUntil = second + history.tierSeconds!;
  }
  for (const { second, delta } of history.seconds()) {
    if (!delta || second < tieredUntil) continue;
    for (const counts of delta.series) steps.get(seriesId(counts.key))?.add(second, 1, counts);
    for (const window of delta.windows ?? []) steps.get(seriesId(window.key))?.addWindow(second, window);
  }
  return [...steps.values()];
}

/** The series with the most requests. */
function busiest({ series }: RunResult, { limit = MOST_SERIES }: SeriesTimelineQuery): ListedSeries[] {
  return listed(series).sort(readOrder('-requests')).slice(0, limit);
}

/** The series of a result with their ids. */
export function listed(series: readonly SeriesResult[]): ListedSeries[] {
  return series.map((one) => ({ id: shortSeriesId(keyOf(one)), ...one }));
}

export function keyOf({ protocol, method, name, user, tags }: Omit<NamedSeries, 'id'>): SeriesKey {
  return { protocol, method, name, user, tags: Object.entries(tags) };
}

const DEFAULT_POINTS = 600;

export function rangeOf({ from = 0, points = DEFAULT_POINTS }: SeriesTimelineQuery, end: number): StepRange {
  return { from, end, points };
}

/** The second after the last one, which may be cut short. */
function endOf({ startedAt, endedAt }: RunResult['run']): number {
  return Math.ceil((Date.parse(endedAt) - Date.parse(startedAt)) / 1_000) + 1;
}
