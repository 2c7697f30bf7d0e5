import type { Millis, Start, Starts } from '@drumline/model';

/** Slots of an open part that a lane deals with. Times are part time. */
export interface StartsShare {
  /** A known grant keeps how far the lane is with it. */
  readonly grant: number;
  readonly slots: readonly number[];
  /** Starts that are due earlier belong to others. */
  readonly fromMs: Millis;
  /** The lane is told to stop with these slots at this time. */
  readonly untilMs: Millis | undefined;
}

/** The lane's answer: it deals with what is due before the position, and with nothing after it. */
export interface StartsRelease {
  readonly grant: number;
  readonly slots: readonly number[];
  readonly positionMs: Millis;
}

/** From where on the lane deals with the starts of a grant. */
interface Cursor {
  readonly fromMs: Millis;
  /** The same as a position of the starts. It stays when the rate changes. */
  readonly position: number;
}

interface Grant extends Cursor {
  /** Where each slot ends; `Infinity` unless the lane has released it. */
  readonly untilMs: ReadonlyMap<number, Millis>;
}

/** A time in which the lane deals with a slot. */
interface Range {
  readonly fromMs: Millis;
  readonly untilMs: Millis;
}

/** Less than the time between two starts, and more than the rounding of a run time. */
const INSTANT_MS: Millis = 1e-6;

/** The starts of an open part that belong to a lane, in the order of their due times. */
export class LaneStarts {
  private starts: Starts | undefined;
  private grants: ReadonlyMap<number, Grant> = new Map();
  private ranges: ReadonlyMap<number, readonly Range[]> = new Map();
  private coming: Iterator<Start> | undefined;
  /** Whether starts after the end of their slot may come. */
  private someEnd = false;
  private lastEndMs: Millis = -Infinity;
  private takenMs: Millis = -Infinity;
  /** The next start; undefined if there are no more. */
  next: Start | undefined;

  /** When the next start is due, in part time; `Infinity` if there are no more. */
  get nextMs(): Millis {
    return this.next?.dueMs ?? Infinity;
  }

  /**
   * Everything that is due before this time has been taken. The lane may have taken starts of other
   * slots that are due much later, before it knew of a pause.
   */
  reachedMs(nowMs: Millis): Millis {
    return Math.min(this.nextMs, Math.max(nowMs, this.takenMs + INSTANT_MS));
  }

  /** Replaces the slots of the lane. Slots that are not listed any more end at once. */
  assign(starts: Starts, shares: readonly StartsShare[], nowMs: Millis): StartsRelease[] {
    const reachedMs = this.reachedMs(nowMs);
    const grants = new Map<number, Cursor & { untilMs: Map<number, Millis> }>();
    const releases: StartsRelease[] = [];
    for (const { grant, slots, fromMs, untilMs } of shares) {
      const known = this.grants.get(grant);
      const ours = grants.get(grant) ?? {
        ...(known ? this.goOn(known, reachedMs, starts) : { fromMs, position: starts.positionAt(fromMs) }),
        untilMs: new Map<number, Millis>(),
      };
      grants.set(grant, ours);
      const isAnswered = (slot: number): boolean => (known?.untilMs.get(slot) ?? Infinity) !== Infinity;
      const positionMs = untilMs === undefined ? Infinity : Math.max(untilMs, ours.fromMs);
      for (const slot of slots)
        ours.untilMs.set(slot, isAnswered(slot) ? known!.untilMs.get(slot)! : positionMs);
      const released = untilMs === undefined ? [] : slots.filter((slot) => !isAnswered(slot));
      if (released.length > 0) releases.push({ grant, slots: released, positionMs });
    }
    this.starts = starts;
    this.grants = grants;
    this.rebuild();
    return releases;
  }

  /**
   * Where the lane goes on with a grant that it knows. A changed rate may be known late, after it
   * has begun. Then the starts that have happened are not repeated, and none is left out.
   */
  private goOn(known: Cursor, reachedMs: Millis, starts: Starts): Cursor {
    const before = this.starts!;
    if (known.fromMs > reachedMs && !starts.isSameBefore(before, known.fromMs))
      return { fromMs: starts.timeOf(known.position), position: known.position };
    const fromMs = Math.max(known.fromMs, reachedMs);
    // By another rate, rounding must not move the next start before the position.
    const beforeNextMs = reachedMs === this.nextMs ? reachedMs - INSTANT_MS / 2 : reachedMs;
    const position = known.fromMs > reachedMs ? known.position : before.positionAt(beforeNextMs);
    if (starts.isSameBefore(before, fromMs)) return { fromMs, position };
    return { fromMs: starts.timeOf(position), position };
  }

  /** Returns the next start and removes it. */
  take(): Start {
    const start = this.next!;
    this.takenMs = Math.max(this.takenMs, start.dueMs);
    this.advance();
    return start;
  }

  /** The slots that the lane deals with at a time. */
  slotsAt(atMs: Millis): number[] {
    const slots: number[] = [];
    for (const [slot, ranges] of this.ranges)
      if (ranges.some(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs)) slots.push(slot);
    return slots;
  }

  /** The next time at which the slots of the lane change; `Infinity` if none is known. */
  changeAfter(atMs: Millis): Millis {
    let nextMs = Infinity;
    for (const { fromMs, untilMs } of this.grants.values()) {
      if (fromMs > atMs) nextMs = Math.min(nextMs, fromMs);
      for (const endMs of untilMs.values()) if (endMs > atMs) nextMs = Math.min(nextMs, endMs);
    }
    return nextMs;
  }

  /** @param comingMs all earlier starts have been taken */
  private rebuild(comingMs = -Infinity): void {
    const ranges = new Map<number, Range[]>();
    const from = new Map<number, Millis>();
    this.someEnd = false;
    this.lastEndMs = -Infinity;
    for (const { fromMs, untilMs } of this.grants.values()) {
      for (const [slot, endMs] of untilMs) {
        if (endMs <= Math.max(fromMs, comingMs)) continue;
        ranges.set(slot, [...(ranges.get(slot) ?? []), { fromMs, untilMs: endMs }]);
        from.set(slot, Math.min(from.get(slot) ?? Infinity, Math.max(fromMs, comingMs)));
        if (endMs === Infinity) continue;
        this.someEnd = true;
        this.lastEndMs = Math.max(this.lastEndMs, endMs);
      }
    }
    this.ranges = ranges;
    this.coming = this.starts!.of(from);
    this.advance();
  }

  private advance(): void {
    for (;;) {
      const { done, value } = this.coming!.next();
      this.next = done ? undefined : value;
      if (!this.someEnd || this.next === undefined || this.isOurs(this.next)) return;
      // No slot ends later, so that the others can go on without the check.
      if (this.next.dueMs >= this.lastEndMs) return this.rebuild(this.next.dueMs);
    }
  }

  private isOurs({ slot, dueMs }: Start): boolean {
    return this.ranges.get(slot)!.some(({ fromMs, untilMs }) => fromMs <= dueMs && dueMs < untilMs);
  }
}
