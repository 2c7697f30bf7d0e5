import type { ListedSeries } from '@drumline/client';
import { useMemo } from 'preact/hooks';
import { type Polled, usePolled } from '../../parts/poll.js';
import type { RunSource } from '../../run/run-source.js';
import type { WindowRows } from '../../run/series-window.js';

const EVERY_MS = 2_000;

interface Part {
  readonly filter: string;
  /** A field, with `-` for a descending order. */
  readonly sort: string;
  /** Place of the first row that is needed. */
  readonly offset: number;
  readonly limit: number;
}

/** Reads the part of the list of series that a table needs. A report has the whole list. */
export function useWindow(run: RunSource, { filter, sort, offset, limit }: Part): Polled<WindowRows> {
  const isOver = run.connection.value === 'ended';
  const reader = useMemo(() => run.reads.seriesReader?.(filter, sort), [run, filter, sort]);
  const read = (): WindowRows | Promise<WindowRows> => {
    if (reader) return reader.read(offset, limit);
    const rows = run.reads.series(filter, sort);
    return rows instanceof Promise ? rows.then(whole) : whole(rows);
  };
  const place = reader ? `${offset} ${limit}` : '';
  return usePolled(read, isOver ? 0 : EVERY_MS, [run, filter, sort, place, isOver]);
}

function whole(rows: readonly ListedSeries[]): WindowRows {
  return { total: rows.length, offset: 0, rows };
}
