import type { Totals } from '@drumline/stats';
import type { NoteCollector } from './note-collector.js';

/** Adds a note if there are more series than the limit. */
export function noteSeriesLimit(
  notes: Pick<NoteCollector, 'add'>,
  { distinctSeries }: Pick<Totals, 'distinctSeries'>,
  maxSeries: number,
): void {
  if (distinctSeries === undefined) return;
  notes.add(
    'series-limit',
    `There were about ${Number(distinctSeries.toPrecision(2))} different series (names, methods and tags of requests), but the limit is ${maxSeries}. Requests of the others are counted as '(other)', which may also contain requests of listed series. Totals are exact. The usual cause is IDs in URLs: give such requests one name with \`name:\`, or raise --max-series.`,
    'series-limit',
  );
}
