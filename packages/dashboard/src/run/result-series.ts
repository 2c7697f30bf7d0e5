import type { ListedSeries, SeriesResult, TimedSeries } from '@drumline/client';
import { readFilter } from '@drumline/model';
import { formatCount } from '../format.js';
import type { RunReads } from './run-source.js';
import { seriesNames } from './series-names.js';

/** The series of a result, some of them with their counts over the time of the run. */
export class ResultSeries {
  /** All series, with their ids. */
  readonly listed: readonly ListedSeries[];
  private readonly timed: ReadonlyMap<string, TimedSeries>;
  private readonly all: readonly TimedSeries[];

  constructor(series: readonly SeriesResult[], timed: readonly TimedSeries[]) {
    const names = seriesNames(series);
    this.timed = new Map(timed.map((one) => [one.series.id, one]));
    this.all = series.map((one, index) => {
      const id = names[index]!;
      const bare = { series: { id, ...one }, knownFrom: 0, points: [], distribution: [] };
      return this.timed.get(id) ?? bare;
    });
    this.listed = this.all.map((one) => one.series);
  }

  reads(): Pick<RunReads, 'seriesTimelines' | 'isTimed' | 'lackingCharts'> {
    return {
      seriesTimelines: ({ filter = '', limit = this.all.length }) => {
        const fits = readFilter(filter);
        const found = this.all.filter(({ series }) => fits(series));
        return { total: found.length, timelines: found.slice(0, limit) };
      },
      isTimed: (id) => this.timed.has(id),
      lackingCharts: this.lackingCharts(),
    };
  }

  private lackingCharts(): string | undefined {
    const [timed, all] = [this.timed.size, this.all.length];
    if (timed >= all) return undefined;
    return timed === 0
      ? 'There are no charts of single series over time: the run was not stored, or only its result is known.'
      : `Charts over time: the ${formatCount(timed)} busiest of ${formatCount(all)} series.`;
  }
}
