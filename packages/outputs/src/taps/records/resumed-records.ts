import { WINDOW_BLOCK_SECONDS, type PlacedEvent } from '@drumline/stats';
import type { TapSum, TapTotals } from '@drumline/wire';
import type { ResumedRun } from '../../output.js';
import { shortFigures } from './short-figures.js';

/** Where the records of a resumed run begin again. */
export interface RecordsStart {
  /** Of the last event that is not repeated. */
  readonly position: number;
  /** The first second of the repeated events. */
  readonly fromSecond: number;
  /** What was counted before it. */
  readonly sum: TapSum;
}

/**
 * The first block of ten seconds that can be made again. Repeated records equal those of the other
 * master, and the readers know them by their numbers.
 * @param nextSecond the first second that was not closed
 */
export function startOf({ events, counted, sinceSecond }: ResumedRun, nextSecond: number): RecordsStart {
  const begun = events[0]?.position === 1 ? 0 : events.findIndex(isBlockEnd) + 1;
  const repeated = events.slice(begun);
  const first = repeated.find(({ event }) => event.type === 'closed')?.event;
  const fromSecond = first?.type === 'closed' ? first.second : nextSecond;
  const wasReset = repeated.some(({ event }) => event.type === 'reset');
  const sum = addTo(emptySum(sinceSecond), shortFigures([counted], 1).totals);
  for (const { event } of repeated)
    if (event.type !== 'reset') addTo(sum, shortFigures([event.counts], 1).totals, -1);
  // Everything before a reset is discarded by it.
  return {
    position: (repeated[0]?.position ?? Infinity) - 1,
    fromSecond,
    sum: wasReset ? emptySum(sinceSecond) : sum,
  };
}

export function emptySum(fromSecond: number): TapSum {
  const counts = { requests: 0, failures: 0, interrupted: 0, bytesSent: 0, bytesReceived: 0 };
  return { fromSecond, ...counts, failedChecks: 0, exceptions: 0, started: 0, late: 0, dropped: 0 };
}

const SUMMED = [
  'requests',
  'failures',
  'interrupted',
  'bytesSent',
  'bytesReceived',
  'failedChecks',
  'exceptions',
] as const;

/** @param times -1 subtracts */
export function addTo(sum: TapSum, { starts, ...totals }: TapTotals, times: 1 | -1 = 1): TapSum {
  for (const name of SUMMED) sum[name] += times * totals[name];
  sum.started += times * (starts?.started ?? 0);
  sum.late += times * (starts?.late ?? 0);
  sum.dropped += times * (starts?.dropped ?? 0);
  return sum;
}

function isBlockEnd({ event }: PlacedEvent): boolean {
  return event.type === 'closed' && event.number % WINDOW_BLOCK_SECONDS === 0;
}
