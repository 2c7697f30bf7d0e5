import { closedIterationNumber, ordinalsOf, userTypeSequence, type UserTypeShare } from '@drumline/model';

/** The number of a user among those of its type, and of its iterations among all. */
export interface Numbering {
  ordinalOf(user: number): number;
  /** @param count number of the iteration among those of the user */
  numberOf(user: number, count: number): number;
}

/** Tenths of a second after the start in which the first users are assigned. */
const FIRST_TICKS = 10;

/**
 * Types and numbers of the users of a closed loop, and of their iterations: the same on every
 * worker, without messages.
 */
export class UserNumbers implements Numbering {
  private sequence: Uint16Array = new Uint16Array(0);
  /** The number of each user among the users of its type. Created on demand. */
  private ordinals: Uint32Array | undefined;
  private assigned: readonly number[] = [];
  /** Whether the lane was there when the run started. */
  private isFirst = false;
  /** Users of this lane since the start of the run. */
  private initial: ReadonlySet<number> | undefined;
  /** The last number of iterations that user code has seen, by user. */
  private readonly seen = new Map<number, number>();
  /** When users came here from another lane, by user. */
  private readonly moves = new Map<number, number>();

  /**
   * @param peak the most users that the plan asks for
   * @param tick tenths of a second since the start of the run, from 1
   */
  constructor(
    private readonly types: readonly UserTypeShare[],
    private readonly peak: number,
    private readonly tick: () => number,
  ) {}

  /** @param users of this lane, in ascending order */
  assign(users: readonly number[]): void {
    this.assigned = users;
    this.takeInitial();
    const highest = users.at(-1) ?? -1;
    if (highest < this.sequence.length) return;
    this.sequence = userTypeSequence(this.types, highest + 1);
    this.ordinals = undefined;
  }

  /** The run starts, and this lane runs from its start on. */
  start(): void {
    this.isFirst = true;
    this.takeInitial();
  }

  /** The type of a user, as an index into the types. */
  typeOf(user: number): number {
    return this.sequence[user]!;
  }

  ordinalOf(user: number): number {
    this.ordinals ??= ordinalsOf(this.sequence);
    return this.ordinals[user] ?? 0;
  }

  /** Iterations of a user that is about to start, as far as its code has seen them; -1 for none. */
  countSeen(user: number): number {
    return this.seen.get(user) ?? -1;
  }

  numberOf(user: number, count: number): number {
    if (user < 0) return count;
    this.seen.set(user, count);
    return closedIterationNumber(user, count, this.peak, this.movesOf(user));
  }

  /** The first users of a lane have run nowhere else. */
  private takeInitial(): void {
    const isEarly = this.isFirst && this.tick() <= FIRST_TICKS;
    if (isEarly && this.assigned.length > 0) this.initial ??= new Set(this.assigned);
  }

  private movesOf(user: number): number {
    if (this.initial?.has(user) === true) return 0;
    const known = this.moves.get(user);
    if (known !== undefined) return known;
    const tick = this.tick();
    this.moves.set(user, tick);
    return tick;
  }
}
