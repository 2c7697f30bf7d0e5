import type { UserTypeShare } from './user-types.js';
import type { Plan } from './plan.js';
import { peakUsersOf, typesOfPart, type Load } from './workload/workload.js';

/** Limits that a machine sets for its processes. An absent field is unknown. */
export interface MachineLimits {
  /** Files, including connections, that one process may open. */
  readonly openFiles?: number | undefined;
  /** Local ports for connections from one local address to one address of a target. */
  readonly localPorts?: number | undefined;
}

/** Connections that the users of a worker hold at the peak of the load, by their settings. */
export interface ConnectionNeeds {
  readonly fullestLane: number;
  readonly worker: number;
}

/** Approximate number of open files of a lane before its first connection. */
const OWN_FILES = 40;

/**
 * Connections that each lane of a group holds at the peak of the load.
 * @param allLanes the group of each lane of all workers
 */
export function connectionsPerLane(
  { userTypes }: Pick<Plan, 'userTypes'>,
  load: Load,
  allLanes: readonly string[],
): ReadonlyMap<string, number> {
  const users = peakOfTypes(userTypes, load);
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

/** The approximate number of users of each type at the peak, as far as the load tells it. */
function peakOfTypes(userTypes: readonly UserTypeShare[], load: Load): number[] {
  const users = userTypes.map(() => 0);
  for (const part of load.parts) {
    const peak = peakUsersOf(part);
    if (peak === Infinity) continue;
    const counts = usersOfTypes(typesOfPart(part, userTypes), peak);
    part.types.forEach((type, index) => (users[type]! += counts[index]!));
  }
  return users;
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

/**
 * Finds limits of a machine that are too low for the plan.
 * @param sourceAddresses number of local addresses from which connections are opened
 */
export function findTightLimits(
  { fullestLane, worker }: ConnectionNeeds,
  { openFiles = Infinity, localPorts = Infinity }: MachineLimits,
  sourceAddresses = 1,
): { message: string; hint: string }[] {
  const found: { message: string; hint: string }[] = [];
  if (fullestLane + OWN_FILES > openFiles) {
    found.push({
      message: `a lane needs up to ${fullestLane} connections, but a process may open only ${openFiles} files (ulimit -n)`,
      hint: 'raise ulimit -n where the worker is started, or spread the users over more lanes or workers',
    });
  }
  const ports = localPorts * sourceAddresses;
  if (worker > ports) {
    const from = sourceAddresses === 1 ? '' : ` from ${sourceAddresses} local addresses`;
    found.push({
      message: `its users need up to ${worker} connections, but the machine has only ${ports} local ports for one target address${from}`,
      hint: 'widen net.ipv4.ip_local_port_range, add local addresses (http.localAddresses), share connections (http.sharedConnections), or use more machines',
    });
  }
  return found;
}
