import { finish, LOOKS_PER_STEP, type Steps } from './steps.js';

/** A lane that can carry users. */
export interface LaneSlot {
  /** Unique in the cluster. */
  readonly id: string;
  /** Above 0, relative to the other lanes; a lane of capacity 2 gets twice the users of one of capacity 1. */
  readonly capacity: number;
}

/** Which lane carries which users: per lane id the indexes of its users, ascending. Every user is on one lane. */
export type Placement = ReadonlyMap<string, readonly number[]>;

/**
 * Places users on lanes anew, moving as few as possible: a user has a login and a session, and is
 * not restarted for nothing.
 *
 * 1. Every user is on exactly one lane (on none only if there are no lanes).
 * 2. Per user type, and over all types, lanes of equal capacity differ by at most one user.
 * 3. A user moves only if its lane is gone or has more than its quota.
 * 4. Ramps count indexes up, so what holds for all users nearly holds for the first `n`, whatever
 *    `n`: lanes give users
 *    spread over their indexes, and each free user goes to the lane that has least of its type up to there.
 * 5. A lane whose users stay the same keeps its list, the same object.
 *
 * A user that stays costs a few nanoseconds, one that is placed a few hundred, whatever the number
 * of lanes.
 *
 * @param typeOf the type of each user, see `userTypeSequence`; its length is the number of users
 * placed
 */
export function placeUsers(previous: Placement, typeOf: Uint16Array, lanes: readonly LaneSlot[]): Placement {
  return finish(placingUsers(previous, typeOf, lanes));
}

/** As `placeUsers`, in steps that each take about a millisecond. */
export function* placingUsers(
  previous: Placement,
  typeOf: Uint16Array,
  lanes: readonly LaneSlot[],
): Steps<Placement> {
  if (lanes.length === 0) return new Map();
  const counts = yield* countTypes(typeOf);
  const ownerOf = new Int32Array(typeOf.length).fill(NOBODY);
  const owned = counts.map(() => new Int32Array(lanes.length));
  for (const [index, { id }] of lanes.entries()) {
    for (const user of previous.get(id) ?? []) {
      if (user >= typeOf.length) continue;
      ownerOf[user] = index;
      owned[typeOf[user]!]![index]! += 1;
    }
    yield;
  }
  const quotas = apportionTypes(counts, lanes, owned);
  yield;
  const capacities = Float64Array.from(lanes, ({ capacity }) => capacity);
  const inAll = new Float64Array(lanes.length);
  const dealers = quotas.map((ofType, type) => new Dealer(ofType, owned[type]!, capacities, inAll));
  // As long as they will be: a list that grows is copied again and again.
  const placed = lanes.map((_, lane) => Array.from({ length: sumOf(quotas, lane) }, () => 0));
  const length = new Int32Array(lanes.length);
  const isChanged = new Uint8Array(lanes.length);
  for (let user = 0; user < typeOf.length; user += 1) {
    const owner = ownerOf[user]!;
    const lane = dealers[typeOf[user]!]!.next(owner);
    inAll[lane]! += 1 / capacities[lane]!;
    placed[lane]![length[lane]!++] = user;
    if (lane !== owner) {
      isChanged[lane] = 1;
      if (owner !== NOBODY) isChanged[owner] = 1;
    }
    if (user % LOOKS_PER_STEP === 0) yield;
  }
  return new Map(
    lanes.map(({ id }, lane) => {
      const before = previous.get(id);
      const same = before && isChanged[lane] === 0 && before.length === placed[lane]!.length;
      return [id, same ? before : placed[lane]!];
    }),
  );
}

function sumOf(quotas: readonly (readonly number[])[], lane: number): number {
  return quotas.reduce((sum, ofType) => sum + ofType[lane]!, 0);
}

/** Instead of a lane. */
const NOBODY = -1;

function* countTypes(typeOf: Uint16Array): Steps<number[]> {
  const counts: number[] = [];
  for (let user = 0; user < typeOf.length; user += 1) {
    const type = typeOf[user]!;
    while (counts.length <= type) counts.push(0);
    counts[type]! += 1;
    if (user % LOOKS_PER_STEP === 0) yield;
  }
  return counts;
}

/**
 * Per type the quota of each lane: its whole part, and one of the rest for those that the types before left behind; of
 * equals, for those that own so many already, then for those with most room.
 */
function apportionTypes(
  counts: readonly number[],
  lanes: readonly LaneSlot[],
  owned: readonly Int32Array[],
): number[][] {
  const capacity = lanes.reduce((sum, lane) => sum + lane.capacity, 0);
  const due = lanes.map(() => 0);
  const ownedInAll = lanes.map((_, lane) => owned.reduce((sum, ofType) => sum + ofType[lane]!, 0));
  return counts.map((count, type) => {
    const quotas = lanes.map((lane) => Math.floor((count * lane.capacity) / capacity + 1e-9));
    const rest = count - quotas.reduce((sum, quota) => sum + quota, 0);
    lanes.forEach((lane, index) => (due[index]! += (count * lane.capacity) / capacity - quotas[index]!));
    const surplus = (lane: number): number => owned[type]![lane]! - quotas[lane]!;
    const order = lanes
      .map((_, lane) => lane)
      .sort(
        (a, b) =>
          unlessNear(due[b]! - due[a]!) ||
          surplus(b) - surplus(a) ||
          ownedInAll[a]! - ownedInAll[b]! ||
          a - b,
      );
    for (const lane of order.slice(0, rest)) {
      quotas[lane]! += 1;
      due[lane]! -= 1;
    }
    return quotas;
  });
}

/** Equal amounts may come out of different sums. */
function unlessNear(difference: number): number {
  return Math.abs(difference) < 1e-6 ? 0 : difference;
}

/** Says of the users of one type, one after the other, on which lane each is. */
class Dealer {
  /** Per lane: how many it has so far. */
  private readonly has: Float64Array;
  /** Per lane: how many of those it owned are still to come. */
  private readonly coming: Float64Array;
  /** Per lane: how many it has yet to get, or below 0 to give. */
  private readonly lacks: Float64Array;
  private readonly needy: NeedyLanes;

  constructor(
    quotas: readonly number[],
    owned: Int32Array,
    private readonly capacities: Float64Array,
    inAll: Float64Array,
  ) {
    this.has = new Float64Array(quotas.length);
    this.coming = Float64Array.from(owned);
    this.lacks = Float64Array.from(quotas, (quota, lane) => quota - owned[lane]!);
    this.needy = new NeedyLanes(this.has, this.lacks, capacities, inAll);
  }

  next(owner: number): number {
    const lane = owner === NOBODY ? this.needy.first() : this.keepOrGive(owner);
    if (lane !== owner) this.lacks[lane]! -= 1;
    this.has[lane]! += 1;
    return lane;
  }

  /** A lane with too many gives a user to one that is behind it by a user or more, and gives its last ones anyway. */
  private keepOrGive(owner: number): number {
    const { coming, lacks, has, capacities } = this;
    const left = coming[owner]!--;
    if (lacks[owner]! >= 0) return owner;
    const other = this.needy.first();
    const isBehind = (has[other]! + 1) / capacities[other]! <= has[owner]! / capacities[owner]! + 1e-9;
    if (left > -lacks[owner]! && !isBehind) return owner;
    lacks[owner]! += 1;
    return other;
  }
}

/**
 * The lanes that lack users of a type, the one that has least for its capacity first; of equals,
 * the one that has least in all. What a lane has only grows, so a binary heap whose entries are
 * looked at again when they come to the top is enough.
 */
class NeedyLanes {
  private readonly heap: number[] = [];
  /** Per lane: by what it was sorted in. */
  private readonly part: Float64Array;
  private readonly all: Float64Array;

  constructor(
    private readonly has: Float64Array,
    private readonly lacks: Float64Array,
    private readonly capacities: Float64Array,
    private readonly inAll: Float64Array,
  ) {
    this.part = Float64Array.from(capacities, (capacity) => 0.5 / capacity);
    this.all = new Float64Array(has.length);
    lacks.forEach((lack, lane) => lack > 0 && this.heap.push(lane));
    // In order already: by capacity alone, then by number.
    this.heap.sort((a, b) => this.part[a]! - this.part[b]! || a - b);
  }

  /** There is one, as quotas add up to the users. */
  first(): number {
    const { heap, has, lacks, capacities, inAll, part, all } = this;
    for (;;) {
      const lane = heap[0]!;
      if (lacks[lane]! <= 0) {
        const last = heap.pop()!;
        if (heap.length > 0) this.sink(last);
        continue;
      }
      const partNow = (has[lane]! + 0.5) / capacities[lane]!;
      if (part[lane] === partNow && all[lane] === inAll[lane]) return lane;
      part[lane] = partNow;
      all[lane] = inAll[lane]!;
      this.sink(lane);
    }
  }

  /** Puts a lane where the first one was, and then where it belongs. */
  private sink(lane: number): void {
    const { heap } = this;
    let hole = 0;
    for (let child = 1; child < heap.length; child = 2 * hole + 1) {
      if (child + 1 < heap.length && this.isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!this.isBefore(heap[child]!, lane)) break;
      heap[hole] = heap[child]!;
      hole = child;
    }
    heap[hole] = lane;
  }

  private isBefore(a: number, b: number): boolean {
    const { part, all } = this;
    if (part[a] !== part[b]) return part[a]! < part[b]!;
    if (all[a] !== all[b]) return all[a]! < all[b]!;
    return a < b;
  }
}
