import { closedIterationNumber } from '@drumline/model';
import type { LaneShare } from '../lane-protocol.js';

/** The number of a user among those of its type, and of its iterations among all. */
export interface Numbering {
  ordinalOf(user: number): number;
  /** @param count the number that the user's own counter gives */
  numberOf(user: number, count: number): number;
}

/** Tenths of a second after the start in which the first users are assigned. */
const FIRST_TICKS = 10;

/** Numbers the iterations of closed loops: uniquely over all workers, without messages. */
export class ClosedNumbers {
  private assigned: readonly LaneShare[] = [];
  /** Whether the lane was there when the run started. */
  private isFirst = false;
  /** What this lane has had since the start of the run. */
  private initial: readonly LaneShare[] | undefined;
  /** The last count that user code has seen the number of, by user. */
  private readonly seen = new Map<number, number>();
  /** When users came here from another lane, by user. */
  private readonly moves = new Map<number, number>();

  /**
   * @param peak the most users that the plan asks for
   * @param tick tenths of a second since the start of the run, from 1
   */
  constructor(
    private readonly peak: number,
    private readonly tick: () => number,
  ) {}

  /** @param shares of the lane, with items in ascending order */
  assign(shares: readonly LaneShare[]): void {
    this.assigned = shares;
    this.takeInitial();
  }

  /** The run starts, and this lane runs from its start on. */
  start(): void {
    this.isFirst = true;
    this.takeInitial();
  }

  /** Iterations of a user that is about to start, as far as its code has seen them; -1 for none. */
  countSeen(user: number): number {
    return this.seen.get(user) ?? -1;
  }

  /** The number of an iteration, which the user's code is about to see. */
  numberOf(user: number, count: number, part: number, item: number, parts: number): number {
    this.seen.set(user, count);
    return closedIterationNumber(user, count, this.peak * parts, this.movesOf(user, part, item));
  }

  /** The first users of a lane have run nowhere else. */
  private takeInitial(): void {
    const isEarly = this.isFirst && this.tick() <= FIRST_TICKS;
    if (isEarly && this.assigned.length > 0) this.initial ??= this.assigned;
  }

  private movesOf(user: number, part: number, item: number): number {
    const known = this.moves.get(user);
    if (known !== undefined) return known;
    const isInitial = this.initial?.some((share) => share.part === part && contains(share.items, item));
    const moves = isInitial === true ? 0 : this.tick();
    this.moves.set(user, moves);
    return moves;
  }
}

/** Whether an ascending list contains a number. */
function contains(numbers: readonly number[], wanted: number): boolean {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return numbers[low] === wanted;
}
