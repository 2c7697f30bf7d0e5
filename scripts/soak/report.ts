import type { RunResult } from '@drumline/wire';
import type { MemoryCurve } from './memory.js';
import { trendOf } from './trend.js';

/** Lines to print, and whether the check passed. */
export interface SoakReport {
  readonly lines: readonly string[];
  readonly passed: boolean;
}

/**
 * Warm-up as a fraction of the soak test: code is compiled, heaps reach their size, series fill up.
 */
const WARM_UP = 0.25;
/** Allowed growth after the warm-up: a fraction of the process plus a constant. */
const MAX_GROWTH = 0.2;
const MAX_GROWTH_BYTES = 16e6;

/** The memory of each process at the start and the end, and whether it grew beyond the bound. */
export function memoryReport(curves: readonly MemoryCurve[], durationMs: number): SoakReport {
  const trends = curves.flatMap((curve) => trendOf(curve, durationMs * WARM_UP) ?? []);
  const grown = trends.filter(
    ({ startBytes, endBytes }) => endBytes > startBytes * (1 + MAX_GROWTH) + MAX_GROWTH_BYTES,
  );
  const rows = trends.map(({ role, startBytes, endBytes, peakBytes, slopeBytesPerHour }) =>
    [
      role.padEnd(26),
      ...[startBytes, endBytes, peakBytes, slopeBytesPerHour].map((bytes) => inMegabytes(bytes).padStart(9)),
    ].join(''),
  );
  const verdict =
    grown.length === 0
      ? `Memory is within the bound: no more than ${MAX_GROWTH * 100} % and ${inMegabytes(MAX_GROWTH_BYTES)} MB of growth.`
      : `Memory grew beyond the bound: ${grown.map(({ role }) => role).join(', ')}.`;
  return {
    lines: [`Resident memory, MB${' '.repeat(7)}    start      end     peak   per hour`, ...rows, verdict],
    passed: grown.length === 0 && trends.length > 0,
  };
}

/** Whether the report has every request of the target, or states what is missing. */
export function countsReport(result: RunResult, seenByTarget: number): SoakReport {
  const { totals, losses = [], series, notes } = result;
  const uncounted = seenByTarget - totals.requests;
  const stated = losses.reduce((sum, { uncountedAtMost = 0 }) => sum + uncountedAtMost, 0);
  const passed = uncounted >= 0 && uncounted <= stated;
  return {
    lines: [
      `Requests: the target saw ${seenByTarget}, the report has ${totals.requests}; ${uncounted} differ, at most ${stated} stated in ${losses.length} losses.`,
      `Series ${series.length}, checks ${result.checks.length}, metrics ${result.metrics.length}, exceptions ${result.exceptions.length}, errors ${result.errors.length}, workers ${result.workers.length}; ${totals.failures} failures.`,
      `Notes: ${tally(notes.map(({ code }) => code))}`,
      passed ? 'The counts agree.' : 'The counts differ by more than the report states.',
    ],
    passed,
  };
}

function tally(codes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].map(([code, count]) => `${code} ${count}`).join(', ') || 'none';
}

function inMegabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
