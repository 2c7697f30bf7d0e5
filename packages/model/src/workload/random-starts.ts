import type { Millis } from '../units.js';
import type { RateCurve } from './rate-curve.js';

/** Mean number of starts in a block of a slot. */
const BLOCK = 64;
/** Two blocks after the one that is surely before a time, all starts may be after it. */
const MARGIN = 2;
/** For each number of starts, the probability that a block has at most that many. */
const AT_MOST = poissonDistribution(BLOCK);

/**
 * The starts of Poisson processes, one for each slot, in the order of their due times. Together,
 * independent Poisson processes are one with the sum of their rates. A time-varying rate is
 * mapped by the inverse of its integral (Çınlar, Introduction to Stochastic Processes, 1975).
 *
 * The starts of a slot come in blocks. The number in each block has the Poisson distribution, and
 * given their number, the times of starts are uniform. Both are functions of the seed and the
 * number of the block, so earlier blocks are only counted.
 * @param from the slots, each with the part time from which its starts are wanted
 * @param weightOf the share of the rate of a slot; the shares of all slots add up to 1
 * @param make makes what is returned. A generator around this one would cost a sixth more.
 */
export function* randomStarts<T>(
  curve: RateCurve,
  from: ReadonlyMap<number, Millis>,
  weightOf: (slot: number) => number,
  seed: number,
  make: (start: Readonly<SlotStart>) => T,
): IterableIterator<T> {
  const heap: SlotStart[] = [];
  for (const [slot, fromMs] of from) {
    const weight = weightOf(slot);
    if (weight === 0) continue;
    const start = new SlotStart(curve, slot, weight, seed);
    start.skipTo(fromMs);
    if (start.dueMs !== Infinity) heap.push(start);
  }
  heap.sort(byDueTime);
  while (heap.length > 0) {
    const first = heap[0]!;
    yield make(first);
    first.advance();
    if (first.dueMs !== Infinity) sink(heap, first);
    else {
      const last = heap.pop()!;
      if (last !== first) sink(heap, last);
    }
  }
}

/** The number of random starts of a slot that are due from a time to before another one. */
export function randomDueBetween(
  curve: RateCurve,
  slot: number,
  weight: number,
  seed: number,
  [fromMs, toMs]: readonly [Millis, Millis],
): number {
  if (weight === 0 || toMs <= fromMs) return 0;
  return new SlotStart(curve, slot, weight, seed).dueBetween(fromMs, toMs);
}

/** The next start of a slot. */
class SlotStart {
  /** Number among the starts of the slot, from 0. */
  ordinal = -1;
  dueMs: Millis = -Infinity;
  private readonly state: number;
  private block = -1;
  /** Where the starts of the block are in it, from 0 to 1. */
  private places: Float64Array = new Float64Array(0);
  private next = 0;

  constructor(
    private readonly curve: RateCurve,
    readonly slot: number,
    private readonly weight: number,
    seed: number,
  ) {
    this.state = mix(Math.imul(slot + 1, 0x9e37_79b1) ^ mix(seed));
  }

  advance(): void {
    while (this.next >= this.places.length) {
      this.block += 1;
      // The block may begin after the end of the curve.
      if (this.dueMsAt(0) === Infinity) return void (this.dueMs = Infinity);
      this.places = this.placesIn(this.block);
      this.next = 0;
    }
    this.ordinal += 1;
    this.dueMs = this.dueMsAt(this.places[this.next]!);
    this.next += 1;
  }

  /** Goes on with the first start from this time on. */
  skipTo(fromMs: Millis): void {
    const block = this.surelyBefore(fromMs);
    for (; this.block < block - 1;) {
      this.block += 1;
      this.ordinal += this.countIn(this.block);
    }
    do this.advance();
    while (this.dueMs < fromMs);
  }

  /** The number of starts from a time to before another one. */
  dueBetween(fromMs: Millis, toMs: Millis): number {
    const [first, last] = [this.surelyBefore(fromMs), this.surelyBefore(toMs)];
    let count = 0;
    for (this.block = first; this.dueMsAt(0) < toMs; this.block += 1) {
      if (this.block > first + MARGIN && this.block < last) count += this.countIn(this.block);
      else for (const place of this.placesIn(this.block)) count += Number(this.isDue(place, fromMs, toMs));
    }
    return count;
  }

  private isDue(place: number, fromMs: Millis, toMs: Millis): boolean {
    const dueMs = this.dueMsAt(place);
    return dueMs >= fromMs && dueMs < toMs;
  }

  /** All starts of earlier blocks than this one are due before the time. */
  private surelyBefore(atMs: Millis): number {
    const amount = atMs === Infinity ? this.curve.total : this.curve.amountAt(atMs);
    // One block less, because of rounding.
    return Math.max(0, Math.floor((amount * this.weight) / BLOCK) - 1);
  }

  private dueMsAt(place: number): Millis {
    return this.curve.timeOf(((this.block + place) * BLOCK) / this.weight);
  }

  private countIn(block: number): number {
    const drawn = uniformAt(mix(this.state ^ Math.imul(block + 1, 0x85eb_ca6b)));
    let [low, high] = [0, AT_MOST.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (AT_MOST[middle]! > drawn) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The places are those of a Poisson process with this number of starts. */
  private placesIn(block: number): Float64Array {
    const places = new Float64Array(this.countIn(block));
    const random = seededRandom(this.state, block);
    let sum = 0;
    for (let index = 0; index < places.length; index += 1) {
      sum -= Math.log(1 - random());
      places[index] = sum;
    }
    sum -= Math.log(1 - random());
    for (let index = 0; index < places.length; index += 1) places[index]! /= sum;
    return places;
  }
}

function poissonDistribution(mean: number): Float64Array {
  const atMost: number[] = [];
  let [probability, sum] = [Math.exp(-mean), 0];
  for (let count = 0; sum + probability > sum || count < mean; count += 1) {
    sum += probability;
    atMost.push(sum);
    probability *= mean / (count + 1);
  }
  return Float64Array.from([...atMost, 1]);
}

function byDueTime(a: SlotStart, b: SlotStart): number {
  return a.dueMs - b.dueMs || a.slot - b.slot;
}

/** Replaces the first start and restores the order of the heap. */
function sink(heap: SlotStart[], start: SlotStart): void {
  let hole = 0;
  for (let child = 1; child < heap.length; child = 2 * hole + 1) {
    if (child + 1 < heap.length && byDueTime(heap[child + 1]!, heap[child]!) < 0) child += 1;
    if (byDueTime(heap[child]!, start) >= 0) break;
    heap[hole] = heap[child]!;
    hole = child;
  }
  heap[hole] = start;
}

/** Numbers from 0 to below 1: mulberry32, with a mixed seed for each stream. */
export function seededRandom(seed: number, stream: number): () => number {
  let state = mix(Math.imul(stream + 1, 0x9e37_79b1) ^ mix(seed));
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    return uniformAt(state);
  };
}

function uniformAt(state: number): number {
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

/** The finalizer of MurmurHash3: every bit of the input changes half of the output. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return h ^ (h >>> 16);
}
