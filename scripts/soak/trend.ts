import type { MemoryCurve } from './memory.js';

/** How the memory of a process developed after the warm-up. */
export interface MemoryTrend {
  readonly role: string;
  /** Means of the first and the last sixth of the samples. */
  readonly startBytes: number;
  readonly endBytes: number;
  readonly peakBytes: number;
  /** By linear regression over all samples. */
  readonly slopeBytesPerHour: number;
}

const HOUR_MS = 3_600_000;

/** @param fromMs end of the warm-up. @returns undefined if too few samples are left */
export function trendOf({ role, samples }: MemoryCurve, fromMs: number): MemoryTrend | undefined {
  const counted = samples.filter(({ atMs }) => atMs >= fromMs);
  const edge = Math.floor(counted.length / 6);
  if (edge === 0) return undefined;
  const bytes = counted.map(({ rssBytes }) => rssBytes);
  return {
    role,
    startBytes: mean(bytes.slice(0, edge)),
    endBytes: mean(bytes.slice(-edge)),
    peakBytes: Math.max(...bytes),
    slopeBytesPerHour: slopeOf(counted.map(({ atMs, rssBytes }) => [atMs / HOUR_MS, rssBytes])),
  };
}

/** Slope by least squares. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
