import { go, route } from '../../route.js';

/** Opens the page of a series, or with '' the table. Filter, order and pins stay. */
export function openSeries(id: string): void {
  go({ query: { ...route.value.query, series: id } });
}
