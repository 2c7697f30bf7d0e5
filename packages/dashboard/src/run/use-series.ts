import type { TimedSeries } from '@drumline/client';
import { useMemo } from 'preact/hooks';
import { usePolled, type Polled } from '../parts/poll.js';
import type { RunSource } from './run-source.js';
import { SeriesHistory } from './series-history.js';

const EVERY_MS = 2_000;

/** Some series over the time of the run, read again while it goes on. */
export function useSeries(run: RunSource, ids: readonly string[]): Polled<readonly TimedSeries[]> {
  const isOver = run.connection.value === 'ended';
  const names = ids.join('|');
  const history = useMemo(
    () => new SeriesHistory((query) => run.reads.seriesTimelines(query), ids),
    [run, names, isOver],
  );
  return usePolled(() => history.next(), isOver || ids.length === 0 ? 0 : EVERY_MS, [run, names, isOver]);
}
