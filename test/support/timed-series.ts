import { shortSeriesId } from '@drumline/model';
import type { RunResult, TimedSeries } from '@drumline/wire';

const BARS = [1, 10, 100, 1_000];

/** Timelines of the series of a result. The counts of each add up to its total. */
export function timedSeries({ run, series }: RunResult, seconds: number): TimedSeries[] {
  const number = Math.ceil(run.durationMs / 1_000 / seconds);
  return series.map((one) => {
    const { requests, failures, latencyMs, tags } = one;
    const part = (all: number, index: number): number =>
      Math.floor(((index + 1) * all) / number) - Math.floor((index * all) / number);
    const points = Array.from({ length: number }, (_, index) => ({
      second: index * seconds,
      seconds,
      requests: part(requests, index),
      failures: part(failures, index),
      p50Ms: latencyMs.p50 + (index % 7) / 10,
      p95Ms: latencyMs.p95 + (index % 11) / 10,
      p99Ms: latencyMs.p99 + (index % 13) / 10,
    }));
    const distribution = BARS.slice(1).map((toMs, index) => ({
      fromMs: BARS[index]!,
      toMs,
      count: part(requests, index),
    }));
    const id = shortSeriesId({ ...one, tags: Object.entries(tags) });
    return { series: { id, ...one }, knownFrom: 0, points, distribution };
  });
}
