import { seriesId } from '@drumline/model';
import type { IntervalEvent, StepRange } from '@drumline/stats';
import type { ListedSeries, RunResult, SeriesTimelineQuery, SeriesTimelineView } from '@drumline/wire';
import type { Run } from '../run/run.js';
import type { ReadSeries } from '../store/series-messages.js';
import { readSeriesSteps } from '../store/series-reader.js';
import { keyOf, listResults, type ListSeries } from './listed-series.js';
import { filtered } from './series-pages.js';
import { WatchedSeries } from './watched-series.js';

const DEFAULT_SERIES = 5;
const DEFAULT_POINTS = 600;

type TimedRun = Pick<Run, 'intervals' | 'writer'>;

/** Series over the time of a run that goes on. */
export class SeriesTimelines {
  private readonly watched = new WatchedSeries();
  /** Seconds from this one on have changed since the file was last read. */
  private changedFrom = Infinity;
  /** The run file, also after it was closed. */
  private path: string | undefined;

  constructor(private readonly run: TimedRun) {
    run.intervals.stream.subscribe('the series timelines', (event) => this.take(event), Infinity);
  }

  /**
   * @param list called once all counts so far are in the file
   * @throws RequestError `argument-invalid`
   */
  async view(list: () => ListSeries, query: SeriesTimelineQuery): Promise<SeriesTimelineView> {
    const { writer } = this.run;
    if (writer.isKeeping) await writer.saved();
    const listed = filtered(list(), query);
    const series = listed.slice(0, query.limit ?? DEFAULT_SERIES);
    const range = rangeOf(query, this.run.intervals.closedThrough + 1);
    this.path = writer.path ?? this.path;
    const read =
      this.path !== undefined && writer.isKeeping
        ? await this.readFile(this.path, series, range)
        : this.watched.read(series.map(idOf), range);
    return viewOf(listed.length, series, read);
  }

  private async readFile(
    path: string,
    series: readonly ListedSeries[],
    range: StepRange,
  ): Promise<readonly ReadSeries[]> {
    const { changedFrom } = this;
    this.changedFrom = Infinity;
    return await readSeriesSteps({ path, isFinal: false, ids: series.map(idOf), changedFrom, range });
  }

  private take(event: IntervalEvent): void {
    this.path = this.run.writer.path ?? this.path;
    this.watched.take(event);
    if (event.type === 'reset') this.changedFrom = 0;
    else this.changedFrom = Math.min(this.changedFrom, event.second);
  }
}

/** Series over the time of a run that has ended. @param path its run file */
export async function endedSeriesTimeline(
  { run, series: all }: RunResult,
  path: string,
  query: SeriesTimelineQuery,
): Promise<SeriesTimelineView> {
  const listed = filtered(listResults(all), query);
  const series = listed.slice(0, query.limit ?? DEFAULT_SERIES);
  const end = Math.ceil((Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1_000) + 1;
  const range = rangeOf(query, end);
  const order = { path, isFinal: true, ids: series.map(idOf), changedFrom: Infinity, range };
  return viewOf(listed.length, series, await readSeriesSteps(order));
}

function idOf(series: ListedSeries): string {
  return seriesId(keyOf(series));
}

function rangeOf({ from = 0, points = DEFAULT_POINTS }: SeriesTimelineQuery, end: number): StepRange {
  return { from, end, points };
}

function viewOf(
  total: number,
  series: readonly ListedSeries[],
  read: readonly ReadSeries[],
): SeriesTimelineView {
  return {
    total,
    timelines: series.map((one, index) => {
      const { knownFrom, steps, distribution } = read[index]!;
      return { series: one, knownFrom, points: [...steps], distribution: [...distribution] };
    }),
  };
}
