import type { WorkerMessage } from '@drumline/wire';
import type { Member } from './member.js';

/**
 * Explains why a message cannot be true, as the end of a sentence; undefined if it can. A
 * well-formed message may name a lane that the worker does not have, and so make the master
 * allocate a huge array.
 */
export function whyImplausible({ lanes }: Member, message: WorkerMessage): string | undefined {
  const named = lanesNamedBy(message);
  const wrong = [...named, ...lanesWithSlots(message)].find((lane) => lane >= lanes);
  if (wrong !== undefined) return `lane ${wrong} of ${lanes}`;
  return named.length > lanes ? `${named.length} lanes of ${lanes}` : undefined;
}

function lanesNamedBy(message: WorkerMessage): readonly number[] {
  switch (message.type) {
    case 'heartbeat':
      return message.lanes.map(({ lane }) => lane);
    case 'laneIncident':
    case 'sharedRequest':
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

/** The lanes of releases and positions. A lane may have several. */
function lanesWithSlots(message: WorkerMessage): readonly number[] {
  if (message.type === 'released') return message.releases.map(({ lane }) => lane);
  if (message.type !== 'heartbeat') return [];
  return [...(message.released ?? []), ...(message.positions ?? [])].map(({ lane }) => lane);
}
