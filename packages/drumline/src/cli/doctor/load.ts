import { availableParallelism } from 'node:os';
import {
  DEFAULT_LANE_GROUP,
  groupsOfLanes,
  needsPerLane,
  plainLoad,
  workerNeeds,
  type MachineRole,
  type Plan,
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

/** @throws DrumlineError if the scenario or an option has a mistake */
export async function readDoctorLoad(args: LoadArguments): Promise<DoctorLoad> {
  const { workers, role } = args;
  const plan = await planOf(args);
  const lanes = args.lanes ?? (role === 'both' ? defaultLanes() : availableParallelism());
  const groups = plan.laneGroups
    ? groupsOfLanes(plan.laneGroups, lanes)
    : Array.from({ length: lanes }, () => DEFAULT_LANE_GROUP);
  const all = Array.from({ length: workers }, () => groups).flat();
  const needs = workerNeeds(plan, groups, needsPerLane(plan, plan.load, all));
  const { name, target } = plan;
  return {
    ...(name !== undefined && { scenario: name }),
    ...(target !== undefined && { target }),
    workers,
    needs,
  };
}

type LoadPlan = Pick<Plan, 'userTypes' | 'load' | 'target' | 'sourceAddresses'> &
  Partial<Pick<Plan, 'name' | 'laneGroups'>>;

async function planOf(args: LoadArguments): Promise<LoadPlan> {
  if (args.scenario === undefined) {
    const { target, users, rate, arrivals, maxUsers } = args;
    return { ...plainLoad({ users, perSecond: rate, arrivalsPerSecond: arrivals, maxUsers }), target };
  }
  const scenario = requireScenario(args.scenario, 'doctor');
  const { checkScenario } = await import('@drumline/scenario/project');
  const secrets = readSecrets(args);
  return (await checkScenario(scenario, await readOverrides(args), { types: false, secrets })).plan;
}
