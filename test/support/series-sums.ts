import type { TimedSeries } from '@drumline/wire';

/** Requests and failures of a series, summed up over its timeline. */
export function sumsOf({ points }: TimedSeries): [requests: number, failures: number] {
  const sum = (read: (point: TimedSeries['points'][number]) => number): number =>
    points.reduce((total, point) => total + read(point), 0);
  return [sum(({ requests }) => requests), sum(({ failures }) => failures)];
}
