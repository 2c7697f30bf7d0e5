import { ITEMS_PER_STEP, type Steps } from './steps.js';

/** A lane on which users can be placed. */
export interface LaneSlot {
  /** Unique in the cluster. */
  readonly id: string;
  /** Relative capacity, greater than 0. A lane of capacity 2 gets twice the users of capacity 1. */
  readonly capacity: number;
}

/** The ascending indexes of each lane's users, by lane id. Every user is on exactly one lane. */
export type Placement = ReadonlyMap<string, readonly number[]>;

/**
 * Places users on lanes and moves as few as possible, because a moved user loses its session.
 *
 * 1. Every user is on exactly one lane, unless there are no lanes.
 * 2. For each user type, and over all types, lanes of equal capacity differ by at most one user.
 * 3. A user moves only if its lane is gone or has more than its quota.
 * 4. Ramps add users in the order of their indexes. So the first `n` users are balanced, too, as
 *    far as possible. Lanes give away users spread over their indexes. Each free user goes to the
 *    lane with the fewest users of its type up to that index.
 * 5. A lane whose users do not change keeps the same list object.
 *
 * Users that stay take a few nanoseconds each. Users that are placed take a few hundred, for any
 * number of lanes. A step takes about a millisecond.
 *
 * @param typeOf the type of each user, see `userTypeSequence`
 */
export function* placingUsers(
  previous: Placement,
  typeOf: Uint16Array,
  lanes: readonly LaneSlot[],
): Steps<Placement> {
  if (lanes.length === 0) return new Map();
  const counts = yield* countTypes(typeOf);
  const ownerOf = new Int32Array(typeOf.length).fill(NO_LANE);
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
  const assigners = quotas.map((ofType, type) => new UserAssigner(ofType, owned[type]!, capacities, inAll));
  // Allocated at their final length, because a growing list is copied repeatedly.
  const placed = lanes.map((_, lane) => Array.from({ length: sumOf(quotas, lane) }, () => 0));
  const length = new Int32Array(lanes.length);
  const isChanged = new Uint8Array(lanes.length);
  for (let user = 0; user < typeOf.length; user += 1) {
    const owner = ownerOf[user]!;
    const lane = assigners[typeOf[user]!]!.next(owner);
    inAll[lane]! += 1 / capacities[lane]!;
    placed[lane]![length[lane]!++] = user;
    if (lane !== owner) {
      isChanged[lane] = 1;
      if (owner !== NO_LANE) isChanged[owner] = 1;
    }
    if (user % ITEMS_PER_STEP === 0) yield;
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

/** Stands for no lane. */
const NO_LANE = -1;

function* countTypes(typeOf: Uint16Array): Steps<number[]> {
  const counts: number[] = [];
  for (let user = 0; user < typeOf.length; user += 1) {
    const type = typeOf[user]!;
    while (counts.length <= type) counts.push(0);
    counts[type]! += 1;
    if (user % ITEMS_PER_STEP === 0) yield;
  }
  return counts;
}

/**
 * The quota of each lane for each type: the whole part of its share, and one more for the lanes
 * that earlier types rounded down most. Ties go to lanes that already have the users, then to the
 * lanes with the fewest users.
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

/** Treats amounts as equal that differ only by rounding errors. */
function unlessNear(difference: number): number {
  return Math.abs(difference) < 1e-6 ? 0 : difference;
}

/** Assigns the users of one type to lanes, in the order of their indexes. */
class UserAssigner {
  /** For each lane: users assigned so far. */
  private readonly has: Float64Array;
  /** For each lane: its previous users that have not been visited yet. */
  private readonly coming: Float64Array;
  /** For each lane: users that it still needs; negative if it must give users away. */
  private readonly lacks: Float64Array;
  private readonly needy: LaneQueue;

  constructor(
    quotas: readonly number[],
    owned: Int32Array,
    private readonly capacities: Float64Array,
    inAll: Float64Array,
  ) {
    this.has = new Float64Array(quotas.length);
    this.coming = Float64Array.from(owned);
    this.lacks = Float64Array.from(quotas, (quota, lane) => quota - owned[lane]!);
    this.needy = new LaneQueue(this.has, this.lacks, capacities, inAll);
  }

  next(owner: number): number {
    const lane = owner === NO_LANE ? this.needy.first() : this.keepOrGive(owner);
    if (lane !== owner) this.lacks[lane]! -= 1;
    this.has[lane]! += 1;
    return lane;
  }

  /**
   * A lane with too many users gives one to a lane that is behind by at least one user. Near its
   * end, it gives away its last users in any case.
   */
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
 * The lanes that need users of a type, as a binary heap. The first has the fewest users of the type
 * for its capacity; ties go to the lane with the fewest users of all types. Users of a lane only
 * grow, so entries are updated lazily when they reach the top.
 */
class LaneQueue {
  private readonly heap: number[] = [];
  /** For each lane: the keys by which it was inserted. */
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
    // A sorted array is a valid heap.
    this.heap.sort((a, b) => this.part[a]! - this.part[b]! || a - b);
  }

  /** The first lane. There is always one, because the quotas add up to the number of users. */
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

  /** Replaces the first lane and restores the order of the heap. */
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
