import { randomUUID } from 'node:crypto';
import { readFilter, readOrder, RequestError, seriesId } from '@drumline/model';
import type { SeriesPage, SeriesQuery, SeriesResult } from '@drumline/wire';

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
  page(all: readonly SeriesResult[], query: SeriesQuery): SeriesPage {
    const { limit = DEFAULT_PAGE, after } = query;
    if (after !== undefined) return this.next(all, after, limit);
    const order = readOrder(query.sort ?? '-requests');
    const listed = all.filter(readFilter(query.filter ?? '')).sort(order);
    if (listed.length <= limit) return { total: listed.length, series: listed };
    const id = randomUUID();
    this.keep(id, listed.map(idOf));
    return { total: listed.length, series: listed.slice(0, limit), next: `${id}.${limit}` };
  }

  private next(all: readonly SeriesResult[], after: string, limit: number): SeriesPage {
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
    const byId = new Map(all.map((series) => [idOf(series), series]));
    const series = order.slice(from, from + limit).flatMap((one) => byId.get(one) ?? []);
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

function idOf({ protocol, method, name, user, tags }: SeriesResult): string {
  return seriesId({ protocol, method, name, user, tags: Object.entries(tags) });
}
