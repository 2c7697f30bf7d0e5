import { shortSeriesId, type NamedSeries, type SeriesKey } from '@drumline/model';
import type { Totals } from '@drumline/stats';
import { seriesOf, type ListedSeries, type SeriesResult } from '@drumline/wire';
import { listed } from '../report/timed-series.js';

interface IdentifiedSeries extends NamedSeries {
  readonly id: string;
}

/** Lists the series with such names. The figures of the others are not computed. */
export type ListSeries = (isWanted: (series: IdentifiedSeries) => boolean) => ListedSeries[];

/** The names of a series. The keys of a run stay the same objects. */
const names = new WeakMap<SeriesKey, IdentifiedSeries>();

/** Lists series of a run that goes on. @param seconds for the rates */
export function listCounted(totals: Totals, seconds: number): ListSeries {
  return (isWanted) => {
    const series = totals.series((key) => isWanted(namesOf(key)));
    return seriesOf({ series }, seconds).map((one, index) => ({
      id: namesOf(series[index]!.key).id,
      ...one,
    }));
  };
}

/** Lists series of a result. */
export function listResults(series: readonly SeriesResult[]): ListSeries {
  const all = listed(series);
  return (isWanted) => all.filter(isWanted);
}

/** The id and the names of a series. */
export function namesOf(key: SeriesKey): IdentifiedSeries {
  const known = names.get(key);
  if (known) return known;
  const { protocol, method, name, user } = key;
  const named = { id: shortSeriesId(key), protocol, method, name, user, tags: Object.fromEntries(key.tags) };
  names.set(key, named);
  return named;
}
