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
 * Places users on lanes anew, moving as few as possible: a user has a login and a session, and is not restarted for nothing.
 *
 * 1. Every user is on exactly one lane (on none only if there are no lanes).
 * 2. Per user type, and over all types, lanes of equal capacity differ by at most one user.
 * 3. A user moves only if its lane is gone or has more than its quota.
 * 4. Ramps count indexes up, so what holds for all users nearly holds for the first `n`, whatever `n`: lanes give users
 *    spread over their indexes, and each free user goes to the lane that has least of its type up to there.
 *
 * @param typeOf the type of each user, see `userTypeSequence`; its length is the number of users placed
 */
export function placeUsers(previous: Placement, typeOf: Uint16Array, lanes: readonly LaneSlot[]): Placement {
  if (lanes.length === 0) return new Map();
  const counts = countTypes(typeOf);
  const ownerOf = new Int32Array(typeOf.length).fill(NOBODY);
  lanes.forEach((lane, index) => previous.get(lane.id)?.forEach((user) => (ownerOf[user] = index)));
  const owned = counts.map(() => lanes.map(() => 0));
  ownerOf.forEach((lane, user) => {
    if (lane !== NOBODY) owned[typeOf[user]!]![lane]! += 1;
  });
  const quotas = apportionTypes(counts, lanes, owned);
  const capacity = lanes.reduce((sum, lane) => sum + lane.capacity, 0);
  const shares = Float64Array.from(lanes, (lane) => lane.capacity / capacity);
  const dealers = quotas.map((ofType, type) => new Dealer(ofType, owned[type]!, shares));
  const inAll = new Float64Array(lanes.length);
  const placed = lanes.map((): number[] => []);
  typeOf.forEach((type, user) => {
    const lane = dealers[type]!.next(ownerOf[user]!, inAll);
    inAll[lane]! += 1 / lanes[lane]!.capacity;
    placed[lane]!.push(user);
  });
  return new Map(lanes.map((lane, index) => [lane.id, placed[index]!]));
}

/** Instead of a lane. */
const NOBODY = -1;

function countTypes(typeOf: Uint16Array): number[] {
  const counts: number[] = [];
  for (const type of typeOf) {
    while (counts.length <= type) counts.push(0);
    counts[type]! += 1;
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
  owned: readonly (readonly number[])[],
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
  private dealt = 0;
  /** Per lane: how many it has so far. */
  private readonly has: Float64Array;
  /** Per lane: how many of those it owned are still to come. */
  private readonly coming: Float64Array;
  /** Per lane: how many it has yet to get, or below 0 to give. */
  private readonly lacks: Float64Array;

  constructor(
    quotas: readonly number[],
    owned: readonly number[],
    private readonly shares: Float64Array,
  ) {
    this.has = new Float64Array(quotas.length);
    this.coming = Float64Array.from(owned);
    this.lacks = Float64Array.from(quotas, (quota, lane) => quota - owned[lane]!);
  }

  next(owner: number, inAll: Float64Array): number {
    this.dealt += 1;
    const lane = owner === NOBODY ? this.neediest(inAll) : this.keepOrGive(owner, inAll);
    if (lane !== owner) this.lacks[lane]! -= 1;
    this.has[lane]! += 1;
    return lane;
  }

  /** A lane with too many gives a user to one that is behind it by a user or more, and gives its last ones anyway. */
  private keepOrGive(owner: number, inAll: Float64Array): number {
    const { coming, lacks } = this;
    const left = coming[owner]!--;
    if (lacks[owner]! >= 0) return owner;
    const other = this.neediest(inAll);
    if (left > -lacks[owner]! && this.behind(other) < this.behind(owner) + 1 - 1e-9) return owner;
    lacks[owner]! += 1;
    return other;
  }

  /** Of the lanes that lack users, the one furthest behind; of equals, the one that has least in all. */
  private neediest(inAll: Float64Array): number {
    const { lacks } = this;
    let best = NOBODY;
    let most = -Infinity;
    for (let lane = 0; lane < lacks.length; lane += 1) {
      if (lacks[lane]! <= 0) continue;
      const behind = this.behind(lane);
      if (behind < most - 1e-9) continue;
      if (behind < most + 1e-9 && inAll[lane]! >= inAll[best]! - 1e-9) continue;
      best = lane;
      most = behind;
    }
    return best;
  }

  /** How many users the lane has less than its share of those dealt. */
  private behind(lane: number): number {
    return this.shares[lane]! * this.dealt - this.has[lane]!;
  }
}
