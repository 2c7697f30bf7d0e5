import { availableParallelism } from 'node:os';
import {
  DEFAULT_LANE_GROUP,
  groupsOfLanes,
  needsPerLane,
  plainLoad,
  workerNeeds,
  type MachineRole,
  type PlainLoad,
  type Plan,
  type Secrets,
  withoutLogin,
  type WorkerNeeds,
} from '@drumline/model';
import { defaultLanes } from '../options/lanes.js';
import { readOverrides, type PlanArguments } from '../options/plan.js';
import { requireScenario } from '../options/scenario.js';
import { readSecrets } from '../secrets/read.js';

/** The load for which a machine is checked. */
export interface DoctorLoad {
  /** Name of the scenario; absent if the options alone give the load. */
  readonly scenario?: string;
  readonly target?: string;
  readonly workers: number;
  /** What the worker on this machine needs. */
  readonly needs: WorkerNeeds;
}

interface LoadArguments extends PlanArguments {
  readonly scenario: string | undefined;
  readonly role: MachineRole;
  readonly workers: number;
  readonly lanes: number | undefined;
  readonly secret?: string[] | undefined;
  readonly secretsFile?: string | undefined;
}

/**
 * @returns the load, and the secrets of the scenario, which may be part of the target
 * @throws DrumlineError if the scenario or an option has a mistake
 */
export async function readDoctorLoad(
  args: LoadArguments,
): Promise<{ readonly load: DoctorLoad; readonly secrets: Secrets }> {
  const { workers, role } = args;
  const { plan, secrets } = await planOf(args);
  const lanes = args.lanes ?? (role === 'both' ? defaultLanes() : availableParallelism());
  const groups = plan.laneGroups
    ? groupsOfLanes(plan.laneGroups, lanes)
    : Array.from({ length: lanes }, () => DEFAULT_LANE_GROUP);
  const all = Array.from({ length: workers }, () => groups).flat();
  const needs = workerNeeds(plan, groups, needsPerLane(plan, plan.load, all));
  const { name, target } = plan;
  const load = {
    ...(name !== undefined && { scenario: name }),
    ...(target !== undefined && { target: withoutLogin(target) }),
    workers,
    needs,
  };
  return { load, secrets };
}

type LoadPlan = Pick<Plan, 'userTypes' | 'load' | 'target' | 'sourceAddresses'> &
  Partial<Pick<Plan, 'name' | 'laneGroups'>>;

async function planOf(args: LoadArguments): Promise<{ plan: LoadPlan; secrets: Secrets }> {
  if (args.scenario === undefined) {
    return { plan: { ...plainLoad(peakOf(args)), target: args.target }, secrets: {} };
  }
  const scenario = requireScenario(args.scenario, 'doctor');
  const { checkScenario } = await import('@drumline/scenario/project');
  const secrets = readSecrets(args);
  const checked = await checkScenario(scenario, await readOverrides(args), { types: false, secrets });
  return { plan: checked.plan, secrets: { ...secrets, ...checked.secrets } };
}

/** The load that the options give at its peak. Stages change either the users or the rate. */
function peakOf({ users, rate, arrivals, maxUsers, stage = [] }: LoadArguments): PlainLoad {
  const highest = (unit: 'users' | 'per-second', of?: number): number | undefined => {
    const all = [
      ...(of === undefined ? [] : [of]),
      ...stage.filter((one) => one.unit === unit).map(({ to }) => to),
    ];
    return all.length === 0 ? undefined : Math.max(...all);
  };
  const perSecond = highest('per-second', arrivals ?? rate);
  const isArriving = arrivals !== undefined;
  return {
    users: highest('users', users),
    perSecond: isArriving ? undefined : perSecond,
    arrivalsPerSecond: isArriving ? perSecond : undefined,
    maxUsers,
  };
}
