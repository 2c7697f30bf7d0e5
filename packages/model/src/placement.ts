/** A lane that can carry users. */
export interface LaneSlot {
  /** Unique in the cluster. */
  readonly id: string;
  /** Relative to the other lanes; a lane of capacity 2 gets twice the users of one of capacity 1. */
  readonly capacity: number;
}

/** Which lane carries which users: per lane id the indexes of its users, ascending. Every user is on one lane. */
export type Placement = ReadonlyMap<string, readonly number[]>;

/**
 * Places users on lanes anew, moving as few as possible: a user has a login and a session, and is not restarted for nothing.
 *
 * 1. Every user is on exactly one lane (on none only if there are no lanes).
 * 2. Per user type, and over all types, lanes of equal capacity differ by at most one user.
 * 3. A user moves only if its lane is gone or has more than its quota; lanes give users spread over their indexes, so
 *    that ramps, which count indexes up, stay even.
 *
 * @param typeOf the type of each user, see `userTypeSequence`; its length is the number of users placed
 */
export function placeUsers(previous: Placement, typeOf: Uint16Array, lanes: readonly LaneSlot[]): Placement {
  const placed = new Map<string, number[]>(lanes.map((lane) => [lane.id, []]));
  if (lanes.length === 0) return placed;
  const usersByType = groupByType(typeOf);
  const previousByLane = lanes.map((lane) => groupOwned(previous.get(lane.id) ?? [], typeOf, usersByType.length));
  const totals = lanes.map(() => 0);

  usersByType.forEach((users, type) => {
    const owned = previousByLane.map((byType) => byType[type]!);
    const quotas = apportion(
      users.length,
      lanes,
      totals,
      owned.map((list) => list.length),
    );
    const kept = owned.map((list, lane) => spread(list, quotas[lane]!));
    const taken = new Set(kept.flat());
    const free = users.filter((user) => !taken.has(user));
    deal(free, kept, quotas);
    kept.forEach((list, lane) => {
      totals[lane]! += list.length;
      placed.get(lanes[lane]!.id)!.push(...list);
    });
  });
  for (const list of placed.values()) list.sort((a, b) => a - b);
  return placed;
}

function groupByType(typeOf: Uint16Array): number[][] {
  const groups: number[][] = [];
  typeOf.forEach((type, user) => {
    while (groups.length <= type) groups.push([]);
    groups[type]!.push(user);
  });
  return groups;
}

function groupOwned(users: readonly number[], typeOf: Uint16Array, types: number): number[][] {
  const groups = Array.from({ length: types }, (): number[] => []);
  for (const user of users) if (user < typeOf.length) groups[typeOf[user]!]!.push(user);
  return groups;
}

/** Quotas that sum to `count`: whole parts by capacity, the rest to the lanes that have least so far, then those that own most. */
function apportion(
  count: number,
  lanes: readonly LaneSlot[],
  totals: readonly number[],
  owned: readonly number[],
): number[] {
  const capacity = lanes.reduce((sum, lane) => sum + lane.capacity, 0);
  const quotas = lanes.map((lane) => Math.floor((count * lane.capacity) / capacity + 1e-9));
  const rest = count - quotas.reduce((sum, quota) => sum + quota, 0);
  const fill = (lane: number): number => (totals[lane]! + quotas[lane]!) / lanes[lane]!.capacity;
  const order = lanes
    .map((_, lane) => lane)
    .sort((a, b) => fill(a) - fill(b) || owned[b]! - owned[a]! || a - b);
  for (let n = 0; n < rest; n += 1) quotas[order[n % order.length]!]! += 1;
  return quotas;
}

/** `count` of the list (or all of it), spread evenly over its length. */
function spread(list: readonly number[], count: number): number[] {
  if (count >= list.length) return [...list];
  return Array.from({ length: count }, (_, n) => list[Math.floor(((n + 0.5) * list.length) / count)]!);
}

/** Deals the free users out in order, always to the lane that has filled the least part of what it lacks. */
function deal(free: readonly number[], lists: number[][], quotas: readonly number[]): void {
  const lacks = lists.map((list, lane) => quotas[lane]! - list.length);
  const open = lacks.flatMap((lack, lane) => (lack > 0 ? [{ lane, lack, given: 0 }] : []));
  for (const user of free) {
    let next: (typeof open)[number] | undefined;
    for (const slot of open) {
      if (slot.given >= slot.lack) continue;
      if (!next || (slot.given + 1) * next.lack < (next.given + 1) * slot.lack) next = slot;
    }
    if (!next) return;
    next.given += 1;
    lists[next.lane]!.push(user);
  }
}
