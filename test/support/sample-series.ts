import type { LatencyResult, PhaseMeansResult, SeriesResult } from '@drumline/wire';

const ROUTES: readonly [
  method: string,
  name: string,
  share: number,
  medianMs: number,
  failureRate: number,
  user: string,
][] = [
  ['GET', '/', 0.14, 6, 0, 'shopper'],
  ['GET', '/products', 0.22, 11, 0.0004, 'shopper'],
  ['GET', '/products/:id', 0.2, 8.4, 0, 'shopper'],
  ['GET', '/search', 0.12, 34, 0.012, 'shopper'],
  ['POST', '/cart', 0.08, 18, 0.002, 'shopper'],
  ['DELETE', '/cart/:id', 0.02, 14, 0, 'shopper'],
  ['POST', '/checkout', 0.04, 86, 0.041, 'shopper'],
  ['POST', '/login', 0.05, 120, 0.001, 'shopper'],
  [
    'GET',
    '/api/v2/recommendations/for/this/user/with/a/rather/long/path?page=:page&size=:size',
    0.05,
    42,
    0,
    'shopper',
  ],
  ['PUT', '/admin/products/:id', 0.02, 23, 0, 'editor'],
  ['GET', '/admin/orders', 0.03, 61, 0.0007, 'editor'],
  ['', 'shop.Stock/Watch', 0.03, 0.42, 0, 'editor'],
];

/** The series of a sample result, whose requests and failures add up. */
export function sampleSeries(requests: number, failures: number): SeriesResult[] {
  let [left, leftFailures] = [requests, failures];
  const expected = ROUTES.reduce((sum, [, , share, , failureRate]) => sum + share * failureRate, 0);
  return ROUTES.map(([method, name, share, medianMs, failureRate, user], i) => {
    const tags: Record<string, string> = name === '/search' ? { region: 'eu' } : {};
    const own = i === ROUTES.length - 1 ? left : Math.round(requests * share);
    const failed =
      name === '/admin/orders' ? leftFailures : Math.round((failures * share * failureRate) / expected);
    const interrupted = name === '/search' ? 12 : 0;
    left -= own;
    leftFailures -= failed;
    return {
      protocol: method ? 'http' : 'grpc',
      method,
      name,
      user,
      tags,
      requests: own,
      failures: failed,
      interrupted,
      rate: own / 600,
      bytesSent: own * 412,
      bytesReceived: own * Math.round(900 + medianMs * 210),
      latencyMs: spread(medianMs, 0.4 * medianMs),
      ...(method && { phasesMs: phasesOf(medianMs) }),
      // Only the checkout is refused; other failures have no response.
      statuses: {
        [method ? 200 : 'OK']: own - failed - interrupted,
        ...(name === '/checkout' && { 503: failed }),
      },
    };
  });
}

export function sumOfStatuses(series: readonly SeriesResult[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const { statuses = {} } of series)
    for (const [status, requests] of Object.entries(statuses)) sum[status] = (sum[status] ?? 0) + requests;
  return sum;
}

/** Phases that add up to the mean of `spread`, most of it waiting. */
export function phasesOf(median: number): PhaseMeansResult {
  const part = (share: number) => round(median * 1.3 * share);
  return { queued: 0, connect: part(0.04), send: part(0.01), wait: part(0.81), receive: part(0.12) };
}

/** Times around a median. */
export function spread(median: number, min: number): LatencyResult {
  const times = (factor: number) => round(median * factor);
  return {
    min: round(min),
    mean: times(1.3),
    p50: times(1),
    p90: times(2.1),
    p95: times(3.4),
    p99: times(7.9),
    p99_9: times(19),
    max: times(61),
  };
}

export function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
