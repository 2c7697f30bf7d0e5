import { randomUUID } from 'node:crypto';
import { readFilterParts, readOrder, RequestError } from '@drumline/model';
import type { ListedSeries, SeriesPage, SeriesQuery } from '@drumline/wire';
import type { ListSeries } from './listed-series.js';

const DEFAULT_PAGE = 100;
/** The number of orders that are kept, of all readers. */
const MAX_ORDERS = 32;

/**
 * Pages of the series of a run. The first page fixes which series are listed and their order. So a
 * reader gets each of them once, whatever changes meanwhile; the figures are those of the moment.
 */
export class SeriesPages {
  /** Ids of series by the id of the order, the least recently used first. */
  private readonly orders = new Map<string, readonly string[]>();

  /** @throws RequestError `argument-invalid` */
  page(list: ListSeries, query: SeriesQuery): SeriesPage {
    const { limit = DEFAULT_PAGE, after } = query;
    if (after !== undefined) return this.next(list, after, limit);
    const listed = filtered(list, query);
    if (listed.length <= limit) return { total: listed.length, series: listed };
    const id = randomUUID();
    this.keep(
      id,
      listed.map((series) => series.id),
    );
    return { total: listed.length, series: listed.slice(0, limit), next: `${id}.${limit}` };
  }

  private next(list: ListSeries, after: string, limit: number): SeriesPage {
    const [, id = '', text = ''] = /^([\w-]{36})\.(\d{1,9})$/.exec(after) ?? [];
    const order = this.orders.get(id);
    if (!order)
      throw new RequestError(
        'argument-invalid',
        'after: the list that this page belongs to is gone',
        'Begin again without `after`.',
      );
    this.keep(id, order);
    const from = Number(text);
    const wanted = new Set(order.slice(from, from + limit));
    const byId = new Map(list(({ id: one }) => wanted.has(one)).map((series) => [series.id, series]));
    const series = [...wanted].flatMap((one) => byId.get(one) ?? []);
    const end = from + limit;
    return { total: order.length, series, ...(end < order.length && { next: `${id}.${end}` }) };
  }

  private keep(id: string, order: readonly string[]): void {
    this.orders.delete(id);
    this.orders.set(id, order);
    const [oldest] = this.orders.keys();
    if (this.orders.size > MAX_ORDERS) this.orders.delete(oldest!);
  }
}

/** The series that match, in order. @throws RequestError `argument-invalid` */
export function filtered(
  list: ListSeries,
  { filter = '', sort = '-requests' }: Pick<SeriesQuery, 'filter' | 'sort'>,
): ListedSeries[] {
  const order = readOrder(sort);
  const { isNamed, fits } = readFilterParts(filter);
  return list(isNamed).filter(fits).sort(order);
}
