import type { WorkerView } from '@drumline/wire/views';
import { median } from '../support.js';

/** Milliseconds. */
export interface Lateness {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** How late requests arrived after an even schedule that begins as early as they allow. */
export function latenessOf(arrivals: readonly number[], perSecond: number): Lateness {
  return latenessAfter(
    arrivals,
    arrivals.map((_, n) => (n * 1_000) / perSecond),
  );
}

/**
 * How late requests arrived after their due times, on a schedule that begins as early as they
 * allow.
 */
export function latenessAfter(arrivals: readonly number[], dueMs: readonly number[]): Lateness {
  const offsets = Float64Array.from(arrivals, (atMs, n) => atMs - dueMs[n]!).toSorted();
  const at = (part: number): number => offsets[Math.round(part * (offsets.length - 1))]!;
  // The start of the schedule is unknown. The earliest percent of the requests was on time.
  const originMs = at(0.01);
  return { p50: at(0.5) - originMs, p99: at(0.99) - originMs, max: at(1) - originMs };
}

/** Windows begin this much after each other. */
const WINDOW_STEP_MS = 100;

/**
 * By which fraction the number of arrivals within some seconds differs from the plan: the median of
 * all windows of this length.
 */
export function rateErrorOf(arrivals: readonly number[], perSecond: number, seconds: number): number {
  const errors: number[] = [];
  let [from, to] = [0, 0];
  for (let fromMs = arrivals[0]!; fromMs + seconds * 1_000 <= arrivals.at(-1)!; fromMs += WINDOW_STEP_MS) {
    while (arrivals[from]! < fromMs) from += 1;
    while (arrivals[to]! < fromMs + seconds * 1_000) to += 1;
    errors.push(Math.abs((to - from) / (seconds * perSecond) - 1));
  }
  return errors.length === 0 ? NaN : median(errors);
}

/** CPU of the first lane, in percent of a core. */
export function lanePercent(workers: readonly Pick<WorkerView, 'lanes'>[]): number {
  return workers[0]?.lanes[0]?.cpuPercent ?? 0;
}

/** Due times of a Poisson process, milliseconds. */
export function randomTimes(perSecond: number, seconds: number): number[] {
  const times: number[] = [];
  for (let atMs = 0; atMs < seconds * 1_000; atMs -= Math.log(1 - Math.random()) * (1_000 / perSecond))
    times.push(atMs);
  return times;
}

/** The medians of several rounds, field by field. */
export function medians<Key extends string>(
  rounds: readonly Readonly<Record<Key, number>>[],
): Record<Key, number> {
  const keys = Object.keys(rounds[0]!) as Key[];
  return Object.fromEntries(keys.map((key) => [key, median(rounds.map((one) => one[key]))])) as Record<
    Key,
    number
  >;
}
