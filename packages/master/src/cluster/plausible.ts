import type { Millis } from '@drumline/model';
import type { IntervalDelta } from '@drumline/stats';
import type { WorkerMessage } from '@drumline/wire';
import type { WorkerRecord } from './registry.js';

/** Tolerance for the estimated clock, which is off by milliseconds. */
const AHEAD_MS: Millis = 60_000;

/**
 * Explains why a message cannot be true, as the end of a sentence; undefined if it can. A
 * well-formed message may name a lane that the worker does not have, and so make the master
 * allocate a huge array.
 */
export function whyImplausible(worker: WorkerRecord, message: WorkerMessage): string | undefined {
  const named = lanesNamedBy(message);
  const lanes = Math.max(worker.hello.lanes, worker.laneGroups.length);
  const wrong = named.find((lane) => lane >= lanes);
  if (wrong !== undefined) return `lane ${wrong} of ${lanes}`;
  return named.length > lanes ? `${named.length} lanes of ${lanes}` : undefined;
}

function lanesNamedBy(message: WorkerMessage): readonly number[] {
  switch (message.type) {
    case 'heartbeat':
      return message.lanes.map(({ lane }) => lane);
    case 'laneIncident':
      return [message.lane];
    case 'statsReport':
      return [
        ...new Set(
          [...(message.incidents ?? []), ...(message.stopRun ? [message.stopRun] : [])].map(
            ({ lane }) => lane,
          ),
        ),
      ];
    case 'drained':
      return message.killedLanes;
    default:
      return [];
  }
}

/** @throws RangeError if something was counted in a second that lies in the future */
export function checkPast(deltas: readonly IntervalDelta[], elapsedMs: Millis): void {
  const ahead = deltas.find(({ second }) => second * 1_000 > elapsedMs + AHEAD_MS);
  if (ahead)
    throw new RangeError(`counts of second ${ahead.second} in second ${Math.floor(elapsedMs / 1_000)}`);
}
