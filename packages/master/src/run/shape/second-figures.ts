import { timesParts } from '@drumline/model';
import type { ShapeStats } from '@drumline/scenario';
import { addEncoded, Histogram, type IntervalDelta, type IntervalEvent } from '@drumline/stats';

const NOTHING: ShapeStats = {
  p50Ms: 0,
  p95Ms: 0,
  p99Ms: 0,
  requestsPerSecond: 0,
  failuresPerSecond: 0,
  errorRate: 0,
};

/** The figures of the last closed second, over all requests. */
export class SecondFigures {
  latest: ShapeStats = NOTHING;

  take(event: IntervalEvent): void {
    if (event.type === 'closed') this.latest = figuresOf(event.counts, this.latest);
  }
}

/** @param before whose response times hold as long as those of this second are to follow */
function figuresOf({ series, windows = [] }: IntervalDelta, before: ShapeStats): ShapeStats {
  const own = series.filter(({ key }) => !timesParts(key));
  const requests = own.reduce((sum, one) => sum + one.requests, 0);
  const failures = own.reduce((sum, one) => sum + one.failures, 0);
  const times = new Histogram();
  for (const { key, latency } of [...own, ...windows])
    if (!timesParts(key) && latency.length > 0) addEncoded(times, latency);
  if (requests === 0 && times.count === 0) return NOTHING;
  const [p50 = 0, p95 = 0, p99 = 0] = times.count === 0 ? [] : times.quantiles([0.5, 0.95, 0.99]);
  const { p50Ms, p95Ms, p99Ms } = before;
  return {
    ...(times.count === 0
      ? { p50Ms, p95Ms, p99Ms }
      : { p50Ms: p50 / 1_000, p95Ms: p95 / 1_000, p99Ms: p99 / 1_000 }),
    requestsPerSecond: requests,
    failuresPerSecond: failures,
    errorRate: requests === 0 ? 0 : failures / requests,
  };
}
