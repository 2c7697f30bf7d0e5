import { DEFAULT_LANE_GROUP } from '../lane-groups.js';
import { rampAndHold } from '../load.js';
import type { Plan, PlannedUserType } from '../plan.js';
import type { UserTypeShare } from '../user-types.js';
import { peakRate, type RateProfile } from '../workload/rate-profile.js';
import {
  isOpen,
  partsAtOnce,
  peakUsersOf,
  typesOfPart,
  type Load,
  type LoadPart,
  type Workload,
} from '../workload/workload.js';

/** What the users of a lane or worker need at the peak of the load. */
export interface Needs {
  /** The users whose number the load limits. */
  readonly users: number;
  /** Connections to one target that they may hold, by their settings. */
  readonly connections: number;
  /** Connections that they certainly hold at a time. */
  readonly kept: number;
  /** Connections per second that arriving users open. They are closed when the users leave. */
  readonly opened: number;
  /** Iterations per second that the load starts at a rate. */
  readonly starts: number;
}

/** What the users of a worker need at the peak of the load. */
export interface WorkerNeeds extends Needs {
  readonly lanes: number;
  /** The needs of its lane with the most connections. */
  readonly fullestLane: Needs;
  /** Number of local addresses from which connections are opened. */
  readonly sourceAddresses: number;
  /** What the target is, as far as the plan tells it. */
  readonly target: TargetKind;
}

/** `loopback` and `one-address` have exactly one address; another target may have several. */
type TargetKind = 'loopback' | 'one-address' | 'any';

/** A load as options give it. */
export interface PlainLoad {
  readonly users?: number | undefined;
  readonly perSecond?: number | undefined;
  readonly arrivalsPerSecond?: number | undefined;
  readonly maxUsers?: number | undefined;
}

const NONE: Needs = { users: 0, connections: 0, kept: 0, opened: 0, starts: 0 };

/** The needs of a worker if nothing is known about the load. */
export function withoutLoad(lanes: number): WorkerNeeds {
  return { ...NONE, lanes, fullestLane: NONE, sourceAddresses: 1, target: 'any' };
}

/**
 * The needs of each lane of a group at the peak of the load.
 * @param allLanes the group of each lane of all workers
 */
export function needsPerLane(
  { userTypes }: Pick<Plan, 'userTypes'>,
  load: Load,
  allLanes: readonly string[],
): ReadonlyMap<string, Needs> {
  const lanes = new Map<string, number>();
  for (const group of allLanes) lanes.set(group, (lanes.get(group) ?? 0) + 1);
  const perLane = new Map<string, Needs>();
  for (const parts of partsAtOnce(load)) {
    for (const [group, needs] of needsOfGroups(userTypes, parts)) {
      const each = map(needs, (amount) => amount / (lanes.get(group) ?? 1));
      const before = perLane.get(group) ?? NONE;
      perLane.set(
        group,
        map(each, (amount, name) => Math.max(amount, before[name])),
      );
    }
  }
  return perLane;
}

/** A load for checks of a machine without a scenario: users with one connection each. */
export function plainLoad({
  users = 0,
  perSecond,
  arrivalsPerSecond,
  maxUsers,
}: PlainLoad): Pick<Plan, 'userTypes' | 'load'> {
  const userTypes: PlannedUserType[] = [
    { name: 'user', weight: 1, laneGroup: DEFAULT_LANE_GROUP, tasks: [], connections: 1, keptConnections: 1 },
  ];
  const rateOf = (fromPerSecond: number): RateProfile => ({
    fromPerSecond,
    stages: [{ durationMs: null, toPerSecond: fromPerSecond }],
  });
  const order = { kind: 'even' } as const;
  const most = maxUsers ?? (users > 0 ? users : undefined);
  const workload: Workload =
    perSecond !== undefined
      ? { kind: 'iterations', rate: rateOf(perSecond), order, ...(most !== undefined && { maxUsers: most }) }
      : arrivalsPerSecond !== undefined
        ? {
            kind: 'arrivals',
            rate: rateOf(arrivalsPerSecond),
            order,
            ...(most !== undefined && { maxConcurrent: most }),
          }
        : { kind: 'users', profile: rampAndHold(users) };
  return { userTypes, load: { parts: [{ phase: '', types: [0], startMs: 0, workload }] } };
}

/** The needs of a worker. @param lanes the group of each of its lanes */
export function workerNeeds(
  { target, sourceAddresses = 1 }: Pick<Plan, 'target' | 'sourceAddresses'>,
  lanes: readonly string[],
  perLane: ReadonlyMap<string, Needs>,
): WorkerNeeds {
  const each = lanes.map((group) => perLane.get(group) ?? NONE);
  const ofMost = each.reduce((most, one) => (one.connections > most.connections ? one : most), NONE);
  const all = each.reduce((sum, one) => map(sum, (amount, name) => amount + one[name]), NONE);
  return {
    ...map(all, Math.ceil),
    lanes: lanes.length,
    fullestLane: map(ofMost, Math.ceil),
    sourceAddresses,
    target: kindOf(target),
  };
}

function map(needs: Needs, change: (amount: number, name: keyof Needs) => number): Needs {
  const { users, connections, kept, opened, starts } = needs;
  return {
    users: change(users, 'users'),
    connections: change(connections, 'connections'),
    kept: change(kept, 'kept'),
    opened: change(opened, 'opened'),
    starts: change(starts, 'starts'),
  };
}

/** The needs of all users of each lane group, while these parts run. */
function needsOfGroups(
  userTypes: readonly PlannedUserType[],
  parts: readonly LoadPart[],
): Map<string, Needs> {
  const groups = new Map<string, Needs>();
  const add = (type: PlannedUserType, more: Needs): void => {
    const sum = groups.get(type.laneGroup) ?? NONE;
    groups.set(
      type.laneGroup,
      map(sum, (amount, name) => amount + more[name]),
    );
  };
  for (const part of parts) {
    const types = typesOfPart(part, userTypes);
    const { workload } = part;
    const peak = peakUsersOf(part);
    const users = usersOfTypes(types, peak === Infinity ? 0 : peak);
    const starts = usersOfTypes(types, isOpen(workload) ? peakRate(workload.rate) : 0);
    const isArriving = workload.kind === 'arrivals';
    part.types.forEach((index, at) => {
      const type = userTypes[index]!;
      const { connections = 0, keptConnections = 0 } = type;
      add(type, {
        users: users[at]!,
        connections: users[at]! * connections,
        kept: isOpen(workload) ? 0 : users[at]! * keptConnections,
        opened: isArriving ? starts[at]! * Math.min(1, connections) : 0,
        starts: starts[at]!,
      });
    });
  }
  return groups;
}

/** The approximate number of users of each type, computed from the weights. */
function usersOfTypes(types: readonly UserTypeShare[], users: number): number[] {
  const totalWeight = types.reduce((sum, type) => sum + (type.fixedCount === undefined ? type.weight : 0), 0);
  let left = users;
  const fixed = types.map(({ fixedCount = 0 }) => {
    const count = Math.min(fixedCount, left);
    left -= count;
    return count;
  });
  return types.map(({ fixedCount, weight }, index) =>
    fixedCount === undefined && totalWeight > 0 ? (left * weight) / totalWeight : fixed[index]!,
  );
}

function kindOf(target: string | undefined): TargetKind {
  const host = /^\w+:\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)/.exec(target ?? '')?.[1] ?? '';
  if (/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/i.test(host)) return 'loopback';
  return /^(?:\d+(?:\.\d+){3}|\[.*\])$/.test(host) ? 'one-address' : 'any';
}
