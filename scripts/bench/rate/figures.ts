import type { WorkerView } from '@drumline/wire/views';
import { quantile } from '../support.js';

/** How late requests arrived after an even schedule that begins as early as they allow, ms. */
export function latenessOf(
  arrivals: readonly number[],
  perSecond: number,
): { readonly p50: number; readonly p99: number; readonly max: number } {
  const offsets = arrivals.map((atMs, n) => atMs - (n * 1_000) / perSecond);
  // The start of the schedule is unknown. The earliest percent of the requests was on time.
  const originMs = quantile(offsets, 0.01);
  const late = offsets.map((offset) => offset - originMs);
  return { p50: quantile(late, 0.5), p99: quantile(late, 0.99), max: Math.max(0, quantile(late, 1)) };
}

/** By which fraction the number of arrivals within whole seconds differs from the plan. */
export function rateErrorOf(arrivals: readonly number[], perSecond: number, seconds: number): number {
  const untilMs = arrivals[0]! + (seconds - 1) * 1_000;
  const count = arrivals.filter((atMs) => atMs < untilMs).length;
  return Math.abs(count / ((seconds - 1) * perSecond) - 1);
}

/** CPU of the first lane, in percent of a core. */
export function lanePercent(workers: readonly Pick<WorkerView, 'lanes'>[]): number {
  return workers[0]?.lanes[0]?.cpuPercent ?? 0;
}
