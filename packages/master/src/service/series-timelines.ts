import { seriesId } from '@drumline/model';
import type { IntervalEvent, StepRange } from '@drumline/stats';
import type { ListedSeries, RunResult, SeriesTimelineQuery, SeriesTimelineView } from '@drumline/wire';
import type { Run } from '../run/run.js';
import { keyOf, rangeOf, storedSeries } from '../report/timed-series.js';
import type { ReadSeries } from '../store/series-messages.js';
import { readSeriesSteps } from '../store/series-reader.js';
import { listResults, type ListSeries } from './listed-series.js';
import { filtered } from './series-pages.js';
import { WatchedSeries } from './watched-series.js';

const DEFAULT_SERIES = 5;

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
  result: RunResult,
  path: string,
  query: SeriesTimelineQuery,
): Promise<SeriesTimelineView> {
  const listed = filtered(listResults(result.series), query);
  const series = listed.slice(0, query.limit ?? DEFAULT_SERIES);
  return { total: listed.length, timelines: await storedSeries(result, series, path, query) };
}

function idOf(series: ListedSeries): string {
  return seriesId(keyOf(series));
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
