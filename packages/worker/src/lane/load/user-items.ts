/**
 * Numbers of users that stay. A lane numbers its users by its slots: `slot`, then `slot + slots`.
 * So numbers are unique over all lanes, and as low as possible.
 */
export class UserItems {
  private readonly used = new Set<number>();
  /** Numbers that were given back. */
  private free: number[] = [];
  /** How many users each slot may have; 0 for those of other lanes. */
  private limits = new Float64Array(1);
  private slots: readonly number[] = [];
  private all = 1;
  private levels = 0;
  private level = 0;
  private at = 0;

  /** @param limitOf how many users a slot may have */
  set(slots: readonly number[], all: number, limitOf: (slot: number) => number): void {
    this.slots = slots;
    this.all = all;
    this.limits = new Float64Array(all);
    for (const slot of slots) this.limits[slot] = limitOf(slot);
    this.levels = slots.reduce((most, slot) => Math.max(most, this.limits[slot]!), 0);
    this.free = [];
    this.level = 0;
    this.at = 0;
  }

  /** Takes a number; undefined if the limit is reached. */
  take(): number | undefined {
    const item = this.free.pop() ?? this.nextUnused();
    if (item !== undefined) this.used.add(item);
    return item;
  }

  giveBack(item: number): void {
    this.used.delete(item);
    if (this.isOurs(item)) this.free.push(item);
  }

  /** Whether the slot of a number belongs to the lane. */
  isOurs(item: number): boolean {
    return Math.floor(item / this.all) < this.limits[item % this.all]!;
  }

  private nextUnused(): number | undefined {
    for (; this.level < this.levels; this.level += 1, this.at = 0) {
      while (this.at < this.slots.length) {
        const slot = this.slots[this.at++]!;
        const item = this.level * this.all + slot;
        if (this.level < this.limits[slot]! && !this.used.has(item)) return item;
      }
    }
    return undefined;
  }
}
