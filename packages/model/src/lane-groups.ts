import { placingUsers, type LaneSlot, type Placement } from './placement.js';
import { ITEMS_PER_STEP, type Steps } from './steps.js';

/** The lane group of user types that do not name one. */
export const DEFAULT_LANE_GROUP = 'default';

/** A group of user types with lanes that only they use, so that groups do not slow each other. */
export interface LaneGroup {
  readonly name: string;
  /** Number of users at the peak of the load. */
  readonly users: number;
  /** Lanes of the group on each worker. Default: computed from the users of all groups. */
  readonly lanes?: number | undefined;
}

/** Whether lanes belong to more than one group. */
export function isGrouped(groups: readonly string[]): boolean {
  return groups.some((group) => group !== groups[0]);
}

/** A lane that runs users of one group only. */
export interface GroupLane extends LaneSlot {
  readonly group: string;
}

/**
 * Assigns each lane of a worker to a group. Every group gets its number of lanes, or at least one,
 * even if the worker then has more lanes than wanted. Each remaining lane goes to the group with
 * the most users per lane among those without a set number; the first wins a tie.
 *
 * Worker and master both compute the assignment, so it is never sent.
 * @param wanted number of lanes of the worker, at least 1
 * @returns the name of the group for each lane number
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
 * Places users on the lanes of their group. Within each group, the guarantees of `placingUsers`
 * hold. Users of a group without lanes are not placed.
 * @param groupOf the group of each user type, by the index of the type
 */
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
    // Users are numbered within the group, because the indexes of one group have gaps.
    const rankOf = new Int32Array(typeOf.length).fill(-1);
    for (let user = 0; user < typeOf.length; user += 1) {
      if (groupOf[typeOf[user]!] === group) rankOf[user] = users.push(user) - 1;
      if (user % ITEMS_PER_STEP === 0) yield;
    }
    const ranksOn = (id: string): number[] =>
      (previous.get(id) ?? []).filter((user) => user < typeOf.length).map((user) => rankOf[user]!);
    const before = new Map(own.map(({ id }) => [id, ranksOn(id)] as const));
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

/**
 * Places users as `placingInGroups` does, while some lanes keep exactly the users that they have.
 * @param keeping lanes that cannot give users away or take some. If there are no other lanes, they
 * take all users
 */
export function* placingBeside(
  keeping: ReadonlySet<string>,
  previous: Placement,
  typeOf: Uint16Array,
  groupOf: readonly string[],
  lanes: readonly GroupLane[],
): Steps<Placement> {
  const others = lanes.filter(({ id }) => !keeping.has(id));
  if (others.length === lanes.length || others.length === 0)
    return yield* placingInGroups(previous, typeOf, groupOf, lanes);
  const isKept = new Uint8Array(typeOf.length);
  const kept = lanes
    .filter(({ id }) => keeping.has(id))
    .map(({ id }) => [id, previous.get(id) ?? []] as const);
  for (const [, users] of kept) for (const user of users) isKept[user] = 1;
  yield;
  // The other users are numbered without gaps.
  const users: number[] = [];
  const rankOf = new Int32Array(typeOf.length).fill(-1);
  for (let user = 0; user < typeOf.length; user += 1) {
    if (isKept[user] === 0) rankOf[user] = users.push(user) - 1;
    if (user % ITEMS_PER_STEP === 0) yield;
  }
  const before = new Map(
    others.map(({ id }) => [id, (previous.get(id) ?? []).map((user) => rankOf[user]!)] as const),
  );
  const types = Uint16Array.from(users, (user) => typeOf[user]!);
  const placement = new Map(kept);
  for (const [id, ranks] of yield* placingInGroups(before, types, groupOf, others)) {
    const same = before.get(id) === ranks ? previous.get(id) : undefined;
    placement.set(id, same ?? ranks.map((rank) => users[rank]!));
  }
  return placement;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
