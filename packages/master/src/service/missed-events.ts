import type { CorrectionView, IntervalView, RunEventView } from '@drumline/wire';
import { eventIdOf, type EventPlace } from './event-place.js';
import type { StoredLine } from './run-log.js';

/** What happened in a run while a reader was away. */
interface Missed {
  /** Of intervals that it has. */
  readonly corrections: readonly CorrectionView[];
  /** Those after its last one, in order. */
  readonly intervals: readonly IntervalView[];
  /** Lines of the log with other events, those after its last one, in order. */
  readonly lines: readonly StoredLine[];
}

/**
 * What a reader has missed, in the order in which it happened, with ids. Corrections come first:
 * they may have been made before.
 * @param place the last event that the reader has
 */
export function missedEvents(
  { interval, event }: EventPlace,
  { corrections, intervals, lines }: Missed,
): RunEventView[] {
  const place = { interval, event };
  const missed: RunEventView[] = corrections.map((view) => ({ ...view, eventId: eventIdOf(place) }));
  const add = (view: RunEventView): void => void missed.push({ ...view, eventId: eventIdOf(place) });
  const waiting = [...lines];
  for (const view of intervals) {
    while (waiting[0] && (waiting[0].interval ?? 0) < view.number) addLine(waiting.shift()!);
    place.interval = view.number;
    add(view);
  }
  for (const line of waiting) addLine(line);
  return missed;

  function addLine(line: StoredLine): void {
    if (!line.event) return;
    place.event = line.number;
    add(line.event);
  }
}
