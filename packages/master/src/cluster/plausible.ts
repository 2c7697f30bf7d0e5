import type { Millis } from '@drumline/model';
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

/** The newest second that counts may be of, so that none lie in the future. */
export function newestSecond(elapsedMs: Millis): number {
  return Math.floor((elapsedMs + AHEAD_MS) / 1_000);
}
