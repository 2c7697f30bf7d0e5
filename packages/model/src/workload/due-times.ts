import type { Millis } from '../units.js';
import type { RateProfile, RateStage } from './rate-profile.js';

/** The due times of a replayed file, in their order. */
export interface DueTimes {
  readonly count: number;
  /** The part time at a position. Later positions have later times. */
  timeAt(position: number): Millis;
  /** The number of the start: the row of the file, from 0. */
  numberAt(position: number): number;
  /** Index into the user types of the part; undefined if the file says nothing about users. */
  typeAt(position: number): number | undefined;
}

/** Opens the due times of a table of the plan. */
export type OpenDueTimes = (table: number) => DueTimes;

/**
 * Starts at the same time follow each other this closely. Lanes tell starts apart by their due
 * times.
 */
const APART_MS: Millis = 0.001;

/** The most stages of a rate that describes due times: one a second, or longer ones. */
const STAGES = 200;

/** The first position whose due time is not earlier than a part time. */
export function firstFrom(times: DueTimes, atMs: Millis): number {
  let [low, high] = [0, times.count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times.timeAt(middle) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Counts are kept at every position that this divides. */
const COUNTED_EVERY = 65_536;
/** The starts of each user type before such positions. */
const counted = new WeakMap<DueTimes, number[][]>();

/**
 * The starts of each user type before a position, for times that have types. A later call for the
 * same times counts only from the last known position.
 */
export function typeCountsBefore(times: DueTimes, position: number, types: number): number[] {
  const known = counted.get(times) ?? [Array.from({ length: types }, () => 0)];
  counted.set(times, known);
  const nearest = Math.min(known.length - 1, Math.floor(position / COUNTED_EVERY));
  const counts = [...known[nearest]!];
  for (let at = nearest * COUNTED_EVERY; at < position; at += 1) {
    if (at === known.length * COUNTED_EVERY) known.push([...counts]);
    counts[times.typeAt(at)!]! += 1;
  }
  return counts;
}

/** Moves equal times apart. @param times sorted; they are changed in place */
export function separate(times: Float64Array): void {
  for (let at = 1; at < times.length; at += 1) times[at] = Math.max(times[at]!, times[at - 1]! + APART_MS);
}

/**
 * The rate that due times have, in up to 200 stages of the same length.
 * @param times sorted, at least one
 */
export function rateOfTimes(times: Float64Array): RateProfile {
  const endMs = Math.floor(times.at(-1)!) + 1;
  const count = Math.min(STAGES, Math.max(1, Math.round(endMs / 1_000)));
  const stages: RateStage[] = [];
  let position = 0;
  for (let stage = 0; stage < count; stage += 1) {
    const fromMs = Math.round((stage * endMs) / count);
    const durationMs = Math.round(((stage + 1) * endMs) / count) - fromMs;
    const first = position;
    while (position < times.length && times[position]! < fromMs + durationMs) position += 1;
    const toPerSecond = ((position - first) * 1_000) / durationMs;
    const last = stages.at(-1);
    if (last?.toPerSecond === toPerSecond)
      stages[stages.length - 1] = { durationMs: last.durationMs! + durationMs, toPerSecond };
    else stages.push({ durationMs: 0, toPerSecond }, { durationMs, toPerSecond });
  }
  return { fromPerSecond: stages[0]!.toPerSecond, stages };
}
