import type { Millis } from '../units.js';
import type { RateCurve } from './rate-curve.js';

/** The next start of a slot. */
interface SlotStart {
  readonly slot: number;
  /** Number among the starts of the slot, from 0. */
  ordinal: number;
  /** The integral of the rate at its due time. */
  amount: number;
  dueMs: Millis;
  readonly weight: number;
  readonly random: () => number;
}

/**
 * The starts of Poisson processes, one for each slot, in the order of their due times. Together,
 * independent Poisson processes are one with the sum of their rates. A time-varying rate is
 * mapped by the inverse of its integral (Çınlar, Introduction to Stochastic Processes, 1975).
 * @param from the slots, each with the part time from which its starts are wanted
 * @param weightOf the share of the rate of a slot; the shares of all slots add up to 1
 */
export function* randomStarts(
  curve: RateCurve,
  from: ReadonlyMap<number, Millis>,
  weightOf: (slot: number) => number,
  seed: number,
): IterableIterator<Readonly<SlotStart>> {
  const heap: SlotStart[] = [];
  for (const [slot, fromMs] of from) {
    const weight = weightOf(slot);
    if (weight === 0) continue;
    const start = { slot, ordinal: -1, amount: 0, dueMs: 0, weight, random: seededRandom(seed, slot) };
    do advance(start, curve);
    while (start.dueMs < fromMs);
    if (start.dueMs !== Infinity) heap.push(start);
  }
  heap.sort(byDueTime);
  while (heap.length > 0) {
    const first = heap[0]!;
    yield first;
    advance(first, curve);
    if (first.dueMs !== Infinity) sink(heap, first);
    else {
      const last = heap.pop()!;
      if (last !== first) sink(heap, last);
    }
  }
}

function advance(start: SlotStart, curve: RateCurve): void {
  start.ordinal += 1;
  start.amount -= Math.log(1 - start.random()) / start.weight;
  start.dueMs = curve.timeOf(start.amount);
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
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The finalizer of MurmurHash3: every bit of the input changes half of the output. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return h ^ (h >>> 16);
}
