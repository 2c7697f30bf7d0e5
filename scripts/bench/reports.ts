import { encodeHistogram, Histogram, type IntervalDelta } from '@drumline/stats';

/**
 * The counts of a worker for one second. Response times have the shape of a healthy target in all
 * series, with other values in each.
 * @param requests in each series
 */
export function reportOf(series: number, requests: number): Omit<IntervalDelta, 'second'> {
  return countsWith(series, () => {
    const latency = new Histogram();
    for (let i = 0; i < requests; i++) latency.record(Math.round(5_000 * Math.exp(normal() / 2)));
    return latency;
  });
}

/** The counts of a second with these response times in each series. */
export function countsWith(series: number, latencyOf: () => Histogram): Omit<IntervalDelta, 'second'> {
  return {
    series: Array.from({ length: series }, (_, index) => {
      const latency = latencyOf();
      const requests = latency.count;
      return {
        key: { protocol: 'http', method: 'GET', name: `/products/${index}/reviews`, user: 'Buyer', tags: [] },
        requests,
        failures: 0,
        interrupted: 0,
        bytesSent: 200 * requests,
        bytesReceived: 4_000 * requests,
        latency: encodeHistogram(latency),
        statuses: [[200, requests]],
        phases: { requests, queuedMs: 0.125, connectMs: 1.5, sendMs: 0.25, waitMs: 50.5, receiveMs: 2.5 },
        errors: [],
      };
    }),
    checks: [],
    metrics: [],
    exceptions: [],
  };
}

/** The Box-Muller method. */
function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
