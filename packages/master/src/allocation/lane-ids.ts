import type { GroupLane } from '@drumline/model';
import type { Participant } from './participant.js';

/** The lanes of a worker. */
export function lanesOf(worker: Participant): string[] {
  return worker.laneGroups.map((_, lane) => laneId(worker, lane));
}

/** A lane of the cluster, as `WORKER/LANE`. */
export function laneId(worker: Participant, lane: number): string {
  return `${worker.id}/${lane}`;
}

/**
 * The lanes on which users can be placed: the first lane of each worker, then the second ones. So a
 * few users are spread over the workers, and during a ramp no worker has many more than another.
 */
export function openLanes(workers: readonly Participant[]): GroupLane[] {
  const most = workers.reduce((max, { laneGroups }) => Math.max(max, laneGroups.length), 0);
  return Array.from({ length: most }, (_, lane) =>
    workers.flatMap((worker) => {
      const group = worker.laneGroups[lane];
      if (group === undefined || worker.brokenLanes.has(lane)) return [];
      return [{ id: laneId(worker, lane), capacity: 1, group }];
    }),
  ).flat();
}
