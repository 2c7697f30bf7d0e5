import { randomUUID } from 'node:crypto';
import { readFilterParts, readOrder, RequestError } from '@drumline/model';
import type { ListedSeries, SeriesPage, SeriesQuery } from '@drumline/wire';
import type { SeriesMoment, SeriesRow } from './series-rows.js';

const DEFAULT_ROWS = 100;
/** The number of filters with an order whose lists are kept. */
const MAX_ORDERS = 16;
/** The most rows of all windows that are kept. One window is always kept. */
const MAX_ROWS = 4_000;

/** The rows of a filter in an order. */
interface Order {
  readonly revision: number;
  readonly rows: readonly SeriesRow[];
}

interface Entry {
  readonly row: SeriesRow;
  readonly gains: number;
  /** When the row last changed, or entered the window. */
  readonly revision: number;
  readonly listed: ListedSeries;
}

/** What readers of the same query see. */
interface Window {
  /** Of this window: no other has it, also not one of another master. */
  readonly id: string;
  readonly revision: number;
  readonly entries: ReadonlyMap<string, Entry>;
}

/**
 * Windows of the series of a run. Readers of the same query share the work: each list is made once
 * for each revision, and so are the figures of each row. What nobody reads costs nothing.
 *
 * A version names a window and a revision. So a reader gets everything if the window is not the one
 * that it read before: after a reset, from another master, or if the window was forgotten.
 */
export class SeriesWindows {
  /** By filter and order, the least recently read first. */
  private readonly orders = new Map<string, Order>();
  /** By query, the least recently read first. */
  private readonly windows = new Map<string, Window>();

  /** @throws RequestError `argument-invalid` */
  page(moment: SeriesMoment, query: SeriesQuery): SeriesPage {
    const { offset = 0, limit = DEFAULT_ROWS } = query;
    const since = readSince(query);
    const { rows } = this.order(moment, query);
    const { revision, interval, seconds } = moment;
    const window = this.window(rows.slice(offset, offset + limit), revision, query);
    const known = since?.id === window.id && since.revision <= revision ? since.revision : 0;
    return {
      total: rows.length,
      series: [...window.entries.values()]
        .filter((entry) => entry.revision > known)
        .map(({ listed }) => listed),
      window: {
        version: `${window.id}.${revision}`,
        interval,
        ...(seconds !== undefined && { seconds }),
        ids: [...window.entries.keys()],
      },
    };
  }

  private order({ revision, rows }: SeriesMoment, { filter = '', sort = '-requests' }: SeriesQuery): Order {
    const key = JSON.stringify([filter, sort]);
    const kept = this.orders.get(key);
    const order = kept?.revision === revision ? kept : { revision, rows: ordered(rows, filter, sort) };
    keep(this.orders, key, order);
    const [oldest] = this.orders.keys();
    if (this.orders.size > MAX_ORDERS) this.orders.delete(oldest!);
    return order;
  }

  private window(rows: readonly SeriesRow[], revision: number, query: SeriesQuery): Window {
    const { filter = '', sort = '-requests', offset, limit } = query;
    const key = JSON.stringify([filter, sort, offset, limit]);
    const kept = this.windows.get(key);
    const window = kept?.revision === revision ? kept : renewed(kept, rows, revision);
    keep(this.windows, key, window);
    let sum = [...this.windows.values()].reduce((all, { entries }) => all + entries.size, 0);
    for (const [oldest, { entries }] of this.windows) {
      if (sum <= MAX_ROWS || oldest === key) break;
      this.windows.delete(oldest);
      sum -= entries.size;
    }
    return window;
  }
}

function keep<T>(kept: Map<string, T>, key: string, one: T): void {
  kept.delete(key);
  kept.set(key, one);
}

function ordered(rows: readonly SeriesRow[], filter: string, sort: string): SeriesRow[] {
  const order = readOrder(sort);
  const { isNamed, fits } = readFilterParts(filter);
  return rows.filter((row) => isNamed(row) && fits(row)).sort(order);
}

function renewed(before: Window | undefined, rows: readonly SeriesRow[], revision: number): Window {
  const entries = rows.map((row): [string, Entry] => {
    const known = before?.entries.get(row.id);
    const { gains } = row;
    const isSame = known?.row.origin === row.origin && known.gains === gains;
    return [row.id, isSame ? known : { row, gains, revision, listed: row.listed() }];
  });
  return { id: before?.id ?? randomUUID(), revision, entries: new Map(entries) };
}

function readSince({ offset, after, since }: SeriesQuery): Pick<Window, 'id' | 'revision'> | undefined {
  if (offset === undefined) throw invalid('since: it needs offset');
  if (after !== undefined) throw invalid('after: it does not go with offset', 'Leave out one of the two.');
  if (since === undefined) return undefined;
  const [, id, text] = /^([\w-]{36})\.(\d{1,12})$/.exec(since) ?? [];
  if (id === undefined) throw invalid('since: this is not a version');
  return { id, revision: Number(text) };
}

function invalid(
  message: string,
  hint = 'Pass `window.version` of the last answer to the same query.',
): RequestError {
  return new RequestError('argument-invalid', message, hint);
}
