import type { Millis } from '../units.js';
import type { UserTypeShare } from '../user-types.js';
import { userTypeSequence } from '../user-types.js';
import { firstFrom, typeCountsBefore, type DueTimes, type OpenDueTimes } from './due-times.js';
import { randomDueBetween, randomStarts } from './random-starts.js';
import { RateCurve } from './rate-curve.js';
import { isOpen, itemCount, slotTypes, typesOfPart, type LoadPart, type OpenWorkload } from './workload.js';

/** A start of an open part: an arrival or an iteration. */
export interface Start {
  /**
   * Unique in the part. In the order of due times only if the order is even. In a replayed file,
   * the row, from 0.
   */
  readonly number: number;
  /** Index into the user types of the plan. */
  readonly type: number;
  readonly slot: number;
  /** Part time. */
  readonly dueMs: Millis;
}

/** Rounding errors of a rate whose past did not change. */
const SAME_AMOUNT = 1e-6;

/** The longest cycle of user types. Weights that need a longer one are approximated. */
const MAX_CYCLE = 10_000;

/**
 * The starts of an open part, as a pure function of the plan. The k-th start of a user type belongs
 * to the slot k modulo the number of slots of that type.
 */
export class Starts {
  readonly curve: RateCurve;
  /** The user type of each slot, as an index into the types of the part. */
  readonly slotTypes: Uint16Array;
  /** The slots of each user type of the part. */
  private readonly slotsOf: readonly (readonly number[])[];
  /** The types of consecutive starts. They repeat. */
  private readonly cycle: Uint16Array;
  /** The number of earlier starts of the same type in the cycle. */
  private readonly rank: Uint32Array;
  private readonly perCycle: readonly number[];

  constructor(
    private readonly part: LoadPart & { readonly workload: OpenWorkload },
    all: readonly UserTypeShare[],
    private readonly openTimes?: OpenDueTimes,
  ) {
    const types = typesOfPart(part, all);
    this.curve = new RateCurve(part.workload.rate);
    this.slotTypes = slotTypes(types, itemCount(part));
    const slotsOf: number[][] = types.map(() => []);
    this.slotTypes.forEach((type, slot) => slotsOf[type]!.push(slot));
    this.slotsOf = slotsOf;
    this.cycle = shortestCycle(userTypeSequence(types, MAX_CYCLE), types);
    const seen = types.map(() => 0);
    this.rank = Uint32Array.from(this.cycle, (type) => seen[type]!++);
    this.perCycle = seen;
  }

  get slots(): number {
    return this.slotTypes.length;
  }

  /** The type of a slot, as an index into the user types of the plan. */
  typeOfSlot(slot: number): number {
    return this.part.types[this.slotTypes[slot]!]!;
  }

  /** The slot of start `n` in the order of due times, by the weights of the user types. */
  slotOf(n: number): number {
    const at = n % this.cycle.length;
    const type = this.cycle[at]!;
    const ordinal = Math.floor(n / this.cycle.length) * this.perCycle[type]! + this.rank[at]!;
    return this.slotOfType(type, ordinal);
  }

  /**
   * The starts of some slots in the order of their due times.
   * @param from the slots, each with the part time from which its starts are wanted
   */
  of(from: ReadonlyMap<number, Millis>): IterableIterator<Start> {
    const { order } = this.part.workload;
    switch (order.kind) {
      case 'even':
        return this.evenStarts(from);
      case 'random':
        return this.randomStarts(from, order.seed);
      case 'listed':
        return this.listedStarts(from, this.openTimes!(order.table));
    }
  }

  /** How far the starts before a time go. A changed rate moves the time of a position. */
  positionAt(atMs: Millis): number {
    const { curve, part } = this;
    return part.workload.order.kind === 'random' ? curve.amountAt(atMs) : curve.dueBefore(atMs);
  }

  /** From when on the starts from a position on are due; `Infinity` if they never are. */
  timeOf(position: number): Millis {
    return this.curve.timeOf(position);
  }

  /** Whether both have the same starts before a time. */
  isSameBefore(other: Starts, atMs: Millis): boolean {
    return Math.abs(this.curve.amountAt(atMs) - other.curve.amountAt(atMs)) < SAME_AMOUNT;
  }

  /** The number of starts of some slots that are due in a time, from `fromMs` to before `toMs`. */
  dueBetween(fromMs: Millis, toMs: Millis, slots: ReadonlySet<number>): number {
    const { order } = this.part.workload;
    if (toMs === Infinity && this.curve.total === Infinity) return slots.size === 0 ? 0 : Infinity;
    if (order.kind === 'random') {
      const weight = this.slotWeights();
      const counts = [...slots].map((slot) =>
        randomDueBetween(this.curve, slot, weight[this.slotTypes[slot]!]!, order.seed, [fromMs, toMs]),
      );
      return counts.reduce((sum, one) => sum + one, 0);
    }
    if (order.kind === 'even' && slots.size === this.slots)
      return Math.max(0, this.curve.dueBefore(toMs) - this.curve.dueBefore(fromMs));
    let count = 0;
    for (const { dueMs } of this.of(new Map([...slots].map((slot) => [slot, fromMs])))) {
      if (dueMs >= toMs) break;
      count += 1;
    }
    return count;
  }

  private *evenStarts(from: ReadonlyMap<number, Millis>): IterableIterator<Start> {
    if (from.size === 0) return;
    const { curve } = this;
    const fromOf = this.fromOfSlots(from);
    const firstMs = Math.min(...from.values());
    for (let number = curve.dueBefore(firstMs); number < curve.total; number += 1) {
      const slot = this.slotOf(number);
      if (fromOf[slot] === Infinity) continue;
      const dueMs = curve.timeOf(number);
      if (dueMs >= fromOf[slot]!) yield { number, type: this.typeOfSlot(slot), slot, dueMs };
    }
  }

  private *listedStarts(from: ReadonlyMap<number, Millis>, times: DueTimes): IterableIterator<Start> {
    if (from.size === 0) return;
    const fromOf = this.fromOfSlots(from);
    const { durationMs } = this.curve;
    const first = firstFrom(times, Math.min(...from.values()));
    const isTyped = first < times.count && times.typeAt(first) !== undefined;
    const seen = isTyped ? typeCountsBefore(times, first, this.slotsOf.length) : [];
    for (let position = first; position < times.count; position += 1) {
      const type = times.typeAt(position);
      const slot = type === undefined ? this.slotOf(position) : this.slotOfType(type, seen[type]!++);
      if (fromOf[slot] === Infinity) continue;
      const dueMs = times.timeAt(position);
      if (dueMs >= durationMs) return;
      if (dueMs >= fromOf[slot]!)
        yield { number: times.numberAt(position), type: this.typeOfSlot(slot), slot, dueMs };
    }
  }

  /** When each slot begins; `Infinity` for those that are not wanted. */
  private fromOfSlots(from: ReadonlyMap<number, Millis>): Float64Array {
    const fromOf = new Float64Array(this.slots).fill(Infinity);
    for (const [slot, ms] of from) fromOf[slot] = ms;
    return fromOf;
  }

  private slotOfType(type: number, ordinal: number): number {
    const slots = this.slotsOf[type]!;
    return slots[ordinal % slots.length]!;
  }

  private randomStarts(from: ReadonlyMap<number, Millis>, seed: number): IterableIterator<Start> {
    const weight = this.slotWeights();
    const weightOf = (slot: number): number => weight[this.slotTypes[slot]!]!;
    return randomStarts(this.curve, from, weightOf, seed, ({ slot, ordinal, dueMs }) => ({
      number: ordinal * this.slots + slot,
      type: this.typeOfSlot(slot),
      slot,
      dueMs,
    }));
  }

  /** The share of all starts that a slot of each type has. */
  private slotWeights(): number[] {
    return this.perCycle.map(
      (count, type) => count / this.cycle.length / Math.max(1, this.slotsOf[type]!.length),
    );
  }
}

/**
 * The starts of an open part; undefined if the part has no rate.
 * @param openTimes needed for the starts of a replayed file
 */
export function startsOf(
  part: LoadPart,
  all: readonly UserTypeShare[],
  openTimes?: OpenDueTimes,
): Starts | undefined {
  return isOpen(part.workload) ? new Starts({ ...part, workload: part.workload }, all, openTimes) : undefined;
}

/** The first period of a sequence by weights; all of it if it has none. */
function shortestCycle(sequence: Uint16Array, types: readonly UserTypeShare[]): Uint16Array {
  const weights = types.map(({ weight }) => weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const counts = types.map(() => 0);
  for (let length = 1; length <= sequence.length; length += 1) {
    counts[sequence[length - 1]!]! += 1;
    // The credits of the weighted round-robin are zero: the sequence repeats from here.
    if (weights.every((weight, type) => Math.abs(length * weight - counts[type]! * total) < total * 1e-9))
      return sequence.subarray(0, length);
  }
  return sequence;
}
