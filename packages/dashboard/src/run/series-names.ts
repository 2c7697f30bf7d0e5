import type { SeriesResult } from '@drumline/client';
import { shortSeriesId } from '@drumline/model';

/** The ids of the series of a result, as a master names them. */
export function seriesNames(series: readonly SeriesResult[]): string[] {
  return series.map(({ protocol, method, name, user, tags }) =>
    shortSeriesId({ protocol, method, name, user, tags: Object.entries(tags) }),
  );
}
