import type { ListedSeries, RunClient } from '@drumline/client';

/** A part of the sorted list of series. */
export interface WindowRows {
  /** Series in the whole list. */
  readonly total: number;
  /** Place of the first row in the list; 0 is the first. */
  readonly offset: number;
  readonly rows: readonly ListedSeries[];
}

/** Reads parts of one list. */
export interface SeriesReader {
  read(offset: number, limit: number): Promise<WindowRows>;
}

/** Reads parts of one list of a master, which sends only the rows that have changed. */
export class SeriesWindowReader implements SeriesReader {
  private rows = new Map<string, ListedSeries>();
  /** What the rows are of, and their version. */
  private known: { readonly window: string; readonly version: string } | undefined;

  constructor(
    private readonly run: Pick<RunClient, 'series'>,
    private readonly filter: string,
    private readonly sort: string,
  ) {}

  async read(offset: number, limit: number): Promise<WindowRows> {
    const asked = `${offset} ${limit}`;
    // Another window may be read meanwhile.
    const { filter, sort, known, rows: before } = this;
    const since = known?.window === asked ? { since: known.version } : {};
    const { total, series, window } = await this.run.series({ filter, sort, offset, limit, ...since });
    const { ids, seconds, version } = window!;
    const repeated = new Map(series.map((row) => [row.id, row]));
    const rows = ids.map((id) => repeated.get(id) ?? aged(before.get(id)!, seconds));
    this.rows = new Map(rows.map((row) => [row.id, row]));
    this.known = { window: asked, version };
    return { total, offset, rows };
  }
}

/** A row that has not changed: its rate falls. @param seconds of the run; absent if it has ended */
function aged(row: ListedSeries, seconds: number | undefined): ListedSeries {
  return seconds === undefined ? row : { ...row, rate: Math.round((row.requests / seconds) * 100) / 100 };
}
