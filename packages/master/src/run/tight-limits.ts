import {
  findTightLimits,
  needsPerLane,
  workerNeeds,
  type Load,
  type Plan,
  type PlanWarning,
  type TightLimit,
} from '@drumline/model';
import type { Participant } from '../allocation/participant.js';

/** A limit of a worker that is too low for its share of the load. */
export interface TightWorker extends PlanWarning, TightLimit {
  readonly hint: string;
}

/**
 * Finds workers whose machines allow less than their users need at the peak of the load.
 * @param all the workers that share the load
 * @param some those of them that are checked
 */
export function findTightWorkers(
  plan: Pick<Plan, 'userTypes' | 'target' | 'sourceAddresses'>,
  load: Load,
  all: readonly Participant[],
  some: readonly Participant[] = all,
): TightWorker[] {
  const perLane = needsPerLane(
    plan,
    load,
    all.flatMap(({ laneGroups }) => laneGroups),
  );
  return some.flatMap(({ id, limits, laneGroups }) =>
    findTightLimits(limits, workerNeeds(plan, laneGroups, perLane)).map((limit) => ({
      code: 'tight-limits' as const,
      where: `Worker ${id}`,
      ...limit,
    })),
  );
}
