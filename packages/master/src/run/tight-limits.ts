import {
  connectionNeeds,
  connectionsPerLane,
  findTightLimits,
  type Load,
  type Plan,
  type PlanWarning,
} from '@drumline/model';
import type { Participant } from '../allocation/participant.js';

/**
 * Finds workers whose machines allow fewer connections than their users hold at the peak of the
 * load.
 */
export function findTightWorkers(
  plan: Pick<Plan, 'userTypes' | 'sourceAddresses'>,
  load: Load,
  workers: readonly Participant[],
): PlanWarning[] {
  const perLane = connectionsPerLane(
    plan,
    load,
    workers.flatMap(({ laneGroups }) => laneGroups),
  );
  return workers.flatMap(({ id, hello, laneGroups }) =>
    findTightLimits(connectionNeeds(laneGroups, perLane), hello, plan.sourceAddresses).map((problem) => ({
      code: 'tight-limits' as const,
      where: `Worker ${id}`,
      ...problem,
    })),
  );
}
