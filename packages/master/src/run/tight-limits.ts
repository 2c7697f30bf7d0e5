import {
  findTightLimits,
  needsPerLane,
  workerNeeds,
  type Load,
  type Plan,
  type PlanWarning,
} from '@drumline/model';
import type { Participant } from '../allocation/participant.js';

/** Finds workers whose machines allow less than their users need at the peak of the load. */
export function findTightWorkers(
  plan: Pick<Plan, 'userTypes' | 'target' | 'sourceAddresses'>,
  load: Load,
  workers: readonly Participant[],
): PlanWarning[] {
  const perLane = needsPerLane(
    plan,
    load,
    workers.flatMap(({ laneGroups }) => laneGroups),
  );
  return workers.flatMap(({ id, hello, laneGroups }) =>
    findTightLimits(hello, workerNeeds(plan, laneGroups, perLane)).map(({ message, hint }) => ({
      code: 'tight-limits' as const,
      where: `Worker ${id}`,
      message,
      hint,
    })),
  );
}
