import { laneId } from './lane-ids.js';
import type { Participant } from './participant.js';
import type { PlacedPart } from './placed-part.js';

/** Whether a worker has left, or another worker has taken its name. */
export function isReplaced({ state, hello }: Participant, workers: readonly Participant[]): boolean {
  return state === 'left' || workers.some((other) => other.hello.name === hello.name);
}

/** How many of the first users of a part are on the lanes of a worker. */
export function usersOnWorker(part: PlacedPart, worker: Participant, first: number): number {
  return worker.laneGroups.reduce((sum, _, lane) => sum + part.usersOn(laneId(worker, lane), first), 0);
}

/** Adds up what each part counts for each lane. */
export function sumOf(
  parts: readonly PlacedPart[],
  lanes: readonly string[],
  count: (part: PlacedPart, lane: string) => number,
): number {
  const counts = parts.flatMap((part) => lanes.map((lane) => count(part, lane)));
  return counts.reduce((sum, one) => sum + one, 0);
}
