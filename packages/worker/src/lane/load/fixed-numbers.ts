import type { FixedWorkload } from '@drumline/model';

/** Users of a fixed part that are on a lane, with their iterations. */
export interface NumbersShare {
  /** A known grant keeps how far the lane is with it. */
  readonly grant: number;
  readonly items: readonly number[];
  /** Lower numbers belong to others. */
  readonly from: number;
  /** The lane is told to draw no more numbers of these users. */
  readonly isReleased: boolean;
}

/** The lane has drawn the numbers of these users that are below the position, and no others. */
export interface NumbersRelease {
  readonly grant: number;
  readonly items: readonly number[];
  readonly position: number;
}

/** The iterations of a user that have not been drawn. */
interface Row {
  readonly grant: number;
  readonly item: number;
  readonly type: number;
  next: number;
}

/**
 * The iterations of a fixed part that belong to a lane: number `n` belongs to user `n` modulo the
 * number of users. Idle users draw the lowest number of their type, or of their own.
 */
export class FixedNumbers {
  private workload: FixedWorkload = { kind: 'fixed', total: 0, users: 1, each: false, limitMs: null };
  /** By grant and item. */
  private rows = new Map<number, Map<number, Row>>();
  /** For each type a binary heap of rows. The first has the lowest number. */
  private heaps = new Map<number, Row[]>();
  private ofItem = new Map<number, Row>();
  private released = new Map<number, Map<number, number>>();

  constructor(private readonly typeOf: (item: number) => number) {}

  /** Replaces the users of the lane. Those that are not listed any more are forgotten. */
  assign(workload: FixedWorkload, shares: readonly NumbersShare[]): NumbersRelease[] {
    this.workload = workload;
    const rows = new Map<number, Map<number, Row>>();
    const released = new Map<number, Map<number, number>>();
    const releases: NumbersRelease[] = [];
    for (const { grant, items, from, isReleased } of shares) {
      const [known, answered] = [this.rows.get(grant), this.released.get(grant)];
      const isKnown = known !== undefined || answered !== undefined;
      const ours = mapIn(rows, grant);
      const given = mapIn(released, grant);
      const positions = new Map<number, number[]>();
      for (const item of items) {
        const position = answered?.get(item);
        if (position !== undefined) {
          given.set(item, position);
          continue;
        }
        const row = (isKnown && known?.get(item)) || this.newRow(grant, item, from);
        if (!isReleased) ours.set(item, row);
        else {
          const at = this.passOf(row.next) * workload.users;
          given.set(item, at);
          positions.set(at, [...(positions.get(at) ?? []), item]);
        }
      }
      for (const [position, those] of positions) releases.push({ grant, items: those, position });
    }
    this.rows = rows;
    this.released = released;
    this.rebuild();
    return releases;
  }

  /** The users of the lane. */
  items(): number[] {
    return [...this.rows.values()].flatMap((ofGrant) => [...ofGrant.keys()]);
  }

  /** The lowest number that is not drawn; the total if there is none. */
  get position(): number {
    let lowest = this.workload.total;
    if (this.workload.each) for (const { next } of this.ofItem.values()) lowest = Math.min(lowest, next);
    else for (const heap of this.heaps.values()) lowest = Math.min(lowest, heap[0]?.next ?? lowest);
    return lowest;
  }

  /** Draws a number for a user; undefined if none is left for it. */
  draw(item: number): number | undefined {
    const { total, users, each } = this.workload;
    const heap = each ? undefined : this.heaps.get(this.typeOf(item));
    const row = each ? this.ofItem.get(item) : heap?.[0];
    if (!row || row.next >= total) return undefined;
    const number = row.next;
    row.next += users;
    if (heap) settle(heap, total);
    if (heap?.length === 0) this.heaps.delete(row.type);
    return number;
  }

  /** How many numbers are left for the users of a type. */
  left(type: number): number {
    const { total, users } = this.workload;
    let sum = 0;
    for (const row of this.ofItem.values())
      if (row.type === type) sum += Math.max(0, Math.ceil((total - row.next) / users));
    return sum;
  }

  /** Whether numbers are left for a user. */
  has(item: number): boolean {
    if (!this.workload.each) return this.heaps.has(this.typeOf(item));
    return (this.ofItem.get(item)?.next ?? Infinity) < this.workload.total;
  }

  /** Gives up all numbers that a user could draw. @returns how many there were */
  skip(item: number): number {
    let skipped = 0;
    while (this.draw(item) !== undefined) skipped += 1;
    return skipped;
  }

  private newRow(grant: number, item: number, from: number): Row {
    const pass = Math.max(0, Math.ceil((from - item) / this.workload.users));
    return { grant, item, type: this.typeOf(item), next: pass * this.workload.users + item };
  }

  /** The number of iterations of the same user before this one. */
  private passOf(number: number): number {
    return Math.floor(number / this.workload.users);
  }

  private rebuild(): void {
    this.ofItem = new Map();
    this.heaps = new Map();
    for (const ofGrant of this.rows.values()) {
      for (const row of ofGrant.values()) {
        this.ofItem.set(row.item, row);
        if (row.next >= this.workload.total) continue;
        const heap = this.heaps.get(row.type);
        if (heap) heap.push(row);
        else this.heaps.set(row.type, [row]);
      }
    }
    // A sorted array is a valid heap.
    for (const heap of this.heaps.values()) heap.sort((a, b) => a.next - b.next);
  }
}

function mapIn<V>(maps: Map<number, Map<number, V>>, key: number): Map<number, V> {
  let map = maps.get(key);
  if (!map) maps.set(key, (map = new Map()));
  return map;
}

/** Restores the order of the heap after its first row has changed. Removes the row at its end. */
function settle(heap: Row[], total: number): void {
  let row = heap[0]!;
  if (row.next >= total) {
    row = heap.pop()!;
    if (heap.length === 0) return;
  }
  let hole = 0;
  for (let child = 1; child < heap.length; child = 2 * hole + 1) {
    if (child + 1 < heap.length && heap[child + 1]!.next < heap[child]!.next) child += 1;
    if (heap[child]!.next >= row.next) break;
    heap[hole] = heap[child]!;
    hole = child;
  }
  heap[hole] = row;
}
