import { placingUsers, type LaneSlot, type Placement } from './placement.js';
import { finish, LOOKS_PER_STEP, type Steps } from './steps.js';

/** The group of the user types that name none. */
export const DEFAULT_LANE_GROUP = 'default';

/** User types that share lanes, and lanes that run no other users: what one group does to a lane, no other group feels. */
export interface LaneGroup {
  readonly name: string;
  /** Its users when the load is at its peak. */
  readonly users: number;
  /** Lanes that every worker has for it; by default they follow from its users. */
  readonly lanes?: number | undefined;
}

/** Whether the groups of some lanes tell them apart. */
export function isGrouped(groups: readonly string[]): boolean {
  return groups.some((group) => group !== groups[0]);
}

/** A lane that carries users of one group only. */
export interface GroupLane extends LaneSlot {
  readonly group: string;
}

/**
 * Which group each lane of a worker is for. Every group has a lane, so that there may be more lanes than the worker wanted
 * to have; beyond that, each further lane goes to the group with most users a lane (of equals, to the first), as long as there are
 * groups that do not say how many they want.
 *
 * Worker and master both work it out, so that nobody has to be told.
 * @param wanted lanes that the worker has for this run, at least 1
 * @returns the group's name by number of the lane
 */
export function groupsOfLanes(groups: readonly LaneGroup[], wanted: number): string[] {
  const counts = groups.map(({ lanes }) => lanes ?? 1);
  const open = groups.flatMap(({ lanes }, index) => (lanes === undefined ? [index] : []));
  const usersALane = (index: number): number => groups[index]!.users / counts[index]!;
  for (let left = wanted - sum(counts); left > 0 && open.length > 0; left -= 1) {
    const fullest = open.reduce((best, index) => (usersALane(index) > usersALane(best) ? index : best));
    counts[fullest]! += 1;
  }
  return groups.flatMap(({ name }, index) => Array.from({ length: counts[index]! }, () => name));
}

/**
 * Places users as `placeUsers` does, each on the lanes of its own group: everything that function promises holds within
 * every group. Users of a group without a lane are on none.
 * @param groupOf the group of each user type, by its index
 */
export function placeInGroups(
  previous: Placement,
  typeOf: Uint16Array,
  groupOf: readonly string[],
  lanes: readonly GroupLane[],
): Placement {
  return finish(placingInGroups(previous, typeOf, groupOf, lanes));
}

/** As `placeInGroups`, in steps that each take about a millisecond. */
export function* placingInGroups(
  previous: Placement,
  typeOf: Uint16Array,
  groupOf: readonly string[],
  lanes: readonly GroupLane[],
): Steps<Placement> {
  const groups = new Set(groupOf);
  if (groups.size === 1) return yield* placingUsers(previous, typeOf, lanes);
  const placement = new Map<string, readonly number[]>(lanes.map(({ id }) => [id, []]));
  for (const group of groups) {
    const own = lanes.filter((lane) => lane.group === group);
    const users: number[] = [];
    // Within its group a user is known by its rank there, as the indexes of one group have gaps.
    const rankOf = new Int32Array(typeOf.length).fill(-1);
    for (let user = 0; user < typeOf.length; user += 1) {
      if (groupOf[typeOf[user]!] === group) rankOf[user] = users.push(user) - 1;
      if (user % LOOKS_PER_STEP === 0) yield;
    }
    const before = new Map(
      own.map(({ id }) => [id, (previous.get(id) ?? []).map((user) => rankOf[user]!)] as const),
    );
    yield;
    const types = Uint16Array.from(users, (user) => typeOf[user]!);
    yield;
    for (const [id, ranks] of yield* placingUsers(before, types, own)) {
      const same = before.get(id) === ranks ? previous.get(id) : undefined;
      placement.set(id, same ?? ranks.map((rank) => users[rank]!));
    }
  }
  return placement;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
