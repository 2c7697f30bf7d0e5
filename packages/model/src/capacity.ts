import { peakUsers, type LoadProfile } from './load.js';
import type { UserTypeShare } from './user-types.js';
import type { Plan } from './plan.js';

/** What a machine allows the processes on it; a field that is absent is not known. */
export interface MachineLimits {
  /** Files, connections among them, that one process may have open. */
  readonly openFiles?: number | undefined;
  /** Local ports for connections to one address of a target, from one local address. */
  readonly localPorts?: number | undefined;
}

/**
 * Connections that the users of a worker hold at the peak of the load, if each has as many as its
 * settings ask for.
 */
export interface ConnectionNeeds {
  readonly fullestLane: number;
  readonly worker: number;
}

/** A lane has about so many files open before its first connection. */
const OWN_FILES = 40;

/**
 * Connections that each lane of a group holds at the peak of the load.
 * @param allLanes the group of each lane of all workers
 */
export function connectionsPerLane(
  { userTypes }: Pick<Plan, 'userTypes'>,
  load: LoadProfile,
  allLanes: readonly string[],
): ReadonlyMap<string, number> {
  const users = usersOfTypes(userTypes, peakUsers(load));
  const perLane = new Map<string, number>();
  userTypes.forEach(({ laneGroup, connections = 0 }, index) => {
    perLane.set(laneGroup, (perLane.get(laneGroup) ?? 0) + users[index]! * connections);
  });
  const lanes = new Map<string, number>();
  for (const group of allLanes) lanes.set(group, (lanes.get(group) ?? 0) + 1);
  for (const [group, sum] of perLane) perLane.set(group, sum / (lanes.get(group) ?? 1));
  return perLane;
}

/** @param lanes the group of each lane of the worker */
export function connectionNeeds(
  lanes: readonly string[],
  perLane: ReadonlyMap<string, number>,
): ConnectionNeeds {
  const each = lanes.map((group) => perLane.get(group) ?? 0);
  return {
    fullestLane: Math.ceil(Math.max(0, ...each)),
    worker: Math.ceil(each.reduce((sum, one) => sum + one, 0)),
  };
}

/** The approximate number of users of each type, without counting each user. */
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

/**
 * Which limits of a machine are too low.
 * @param sourceAddresses local addresses that connections start from
 */
export function findTightLimits(
  { fullestLane, worker }: ConnectionNeeds,
  { openFiles = Infinity, localPorts = Infinity }: MachineLimits,
  sourceAddresses = 1,
): { message: string; hint: string }[] {
  const found: { message: string; hint: string }[] = [];
  if (fullestLane + OWN_FILES > openFiles) {
    found.push({
      message: `a lane would hold up to ${fullestLane} connections, and a process may open ${openFiles} files (ulimit -n)`,
      hint: 'raise ulimit -n where the worker is started, or spread the users over more lanes or workers',
    });
  }
  const ports = localPorts * sourceAddresses;
  if (worker > ports) {
    const from = sourceAddresses === 1 ? '' : ` from ${sourceAddresses} local addresses`;
    found.push({
      message: `its users would hold up to ${worker} connections, and the machine has ${ports} local ports for one target address${from}`,
      hint: 'widen net.ipv4.ip_local_port_range, give more local addresses (http.localAddresses), share connections (http.sharedConnections), or use more machines',
    });
  }
  return found;
}
