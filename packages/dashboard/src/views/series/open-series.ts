import { go, route } from '../../route.js';
import { writeRoute } from '../../route-text.js';

/** The link to the page of a series. Filter, order and pins stay. */
export function linkToSeries(id: string): string {
  return writeRoute({ ...route.value, query: { ...route.value.query, series: id } });
}

/** Returns from the page of a series to the table. */
export function closeSeries(): void {
  go({ query: { ...route.value.query, series: '' } });
}
