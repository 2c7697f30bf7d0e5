import type { SeriesPage, SeriesQuery } from '@drumline/wire';
import type { ListSeries } from './listed-series.js';
import type { SeriesPages } from './series-pages.js';
import type { SeriesMoment } from './series-rows.js';
import { SeriesWindows } from './series-windows.js';

/** The series of a run, as queries ask for them. */
export interface SeriesSource {
  list(): ListSeries;
  moment(): SeriesMoment;
}

/** Answers queries for series: pages of a list that stays, or windows of the present one. */
export class RunSeries {
  private readonly windows = new SeriesWindows();

  constructor(
    private readonly pages: SeriesPages,
    private readonly source: SeriesSource,
  ) {}

  /** @throws RequestError `argument-invalid` */
  page(query: SeriesQuery): SeriesPage {
    const isWindow = query.offset !== undefined || query.since !== undefined;
    return isWindow
      ? this.windows.page(this.source.moment(), query)
      : this.pages.page(this.source.list(), query);
  }
}
