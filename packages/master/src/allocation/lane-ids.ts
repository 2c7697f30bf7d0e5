import type { Participant } from './participant.js';

/** The lanes of a worker. */
export function lanesOf(worker: Participant): string[] {
  return worker.laneGroups.map((_, lane) => laneId(worker, lane));
}

/** A lane of the cluster, as `WORKER/LANE`. */
export function laneId(worker: Participant, lane: number): string {
  return `${worker.id}/${lane}`;
}
