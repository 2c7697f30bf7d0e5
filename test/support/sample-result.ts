import type {
  ConnectionResult,
  ErrorResult,
  RunResult,
  SeriesResult,
  TimelinePoint,
  TotalsResult,
} from '@drumline/wire';
import { phasesOf, round, sampleSeries, spread, sumOfStatuses } from './sample-series.js';

const START = Date.parse('2025-03-01T14:05:09.000Z');
const at = (second: number) => new Date(START + second * 1_000).toISOString();

/** A reproducible pseudo-random sequence (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A result shaped like a real run of ten minutes: a ramp, a second of trouble, errors, checks,
 * metrics, an exception and a lost worker. The sums agree. `changes` replaces sections.
 */
export function sampleResult(changes: Partial<RunResult> = {}): RunResult {
  const timeline = sampleTimeline(600);
  const requests = timeline.reduce((sum, point) => sum + point.requests, 0);
  const failures = timeline.reduce((sum, point) => sum + point.failures, 0);
  const series = sampleSeries(requests, failures);
  return {
    schema: 'drumline.result/1',
    run: {
      id: '01JN8Y3QW7',
      scenario: 'shop.ts',
      target: 'https://shop.example',
      state: 'finished',
      startedAt: at(0),
      endedAt: at(600),
      durationMs: 600_000,
      drumline: '0.1.0',
    },
    verdict: 'failed',
    exitCode: 5,
    exit: 'worker-lost',
    totals: {
      requests,
      failures,
      interrupted: 12,
      rate: requests / 600,
      bytesSent: series.reduce((sum, row) => sum + row.bytesSent, 0),
      bytesReceived: series.reduce((sum, row) => sum + row.bytesReceived, 0),
      latencyMs: spread(11.2, 0.21),
      phasesMs: phasesOf(11.2),
      statuses: sumOfStatuses(series),
    },
    series,
    errors: sampleErrors(series),
    checks: [
      { name: 'status is 200', passes: requests - 12_001, fails: 12_001 },
      { name: 'cart shows the new item', passes: 61_204, fails: 0 },
    ],
    metrics: [
      { name: 'orders placed', kind: 'counter', sum: 31_044, rate: 51.74 },
      { name: 'queue depth', kind: 'gauge', last: 4, min: 0, max: 219 },
      { name: 'cache hit', kind: 'rate', hits: 401_233, total: 432_100, rate: 0.9286 },
      { name: 'time to first item', kind: 'trend', count: 61_204, values: spread(140, 3) },
    ],
    exceptions: [
      {
        user: 'shopper',
        task: 'buy',
        message: "TypeError: Cannot read properties of undefined (reading 'sku')",
        stack:
          "TypeError: Cannot read properties of undefined (reading 'sku')\n    at buy (shop.ts:41:27)\n    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
        occurrences: 14,
        firstSeenAt: at(302),
        lastSeenAt: at(318),
      },
    ],
    connections: sampleConnections(),
    timeline,
    workers: [
      {
        id: 'w-1',
        host: 'load-1.internal',
        lanes: 4,
        state: 'idle',
        requests: Math.round(requests * 0.4),
        cpuPercent: { control: 3.1, lanes: [61, 58, 64, 60] },
        memoryBytes: 412_000_000,
        longestHeartbeatGapMs: 1_012,
      },
      {
        id: 'w-2',
        host: 'load-2.internal',
        lanes: 4,
        state: 'idle',
        requests: Math.round(requests * 0.38),
        cpuPercent: { control: 3.4, lanes: [66, 97, 63, 59] },
        memoryBytes: 405_000_000,
        longestHeartbeatGapMs: 1_031,
      },
      {
        id: 'w-3',
        host: 'load-3.internal',
        lanes: 4,
        state: 'missing',
        requests: requests - Math.round(requests * 0.4) - Math.round(requests * 0.38),
        cpuPercent: { control: 2.8, lanes: [60, 57, 61, 55] },
        memoryBytes: 398_000_000,
        longestHeartbeatGapMs: 1_009,
      },
    ],
    losses: [
      {
        worker: 'w-3',
        host: 'load-3.internal',
        at: at(425),
        reason: 'silent for 3s',
        returned: false,
        uncountedFrom: at(421),
        uncountedAtMost: 41_872,
        uncountedLikely: 1_204,
        uncountedBy: 'own-rate',
      },
    ],
    notes: [
      {
        code: 'worker-lost',
        message:
          'Worker w-3 (load-3.internal) fell silent at 07:02; its 160 users went to w-1 and w-2 0.4 s later. Up to 1 s of its requests is not in these numbers.',
      },
      {
        code: 'lane-busy',
        message:
          'Lane 1 of worker w-2 used 97 % of its CPU at 05:01: its response times contain its own delay.',
      },
      {
        code: 'interrupted-requests',
        message:
          '12 requests were cut off when the stop time-out of 5 s ended. They count as interrupted, not as failures.',
      },
    ],
    ...changes,
  };
}

/** A result of an older version, without phases, statuses and connections. */
export function olderResult(): RunResult {
  const { connections: _connections, ...result } = sampleResult();
  const withoutPhases = <T extends TotalsResult>({
    phasesMs: _phasesMs,
    statuses: _statuses,
    ...counts
  }: T) => counts;
  return {
    ...result,
    totals: withoutPhases(result.totals),
    series: result.series.map(withoutPhases),
  };
}

/** The smallest result: a run that ended before anything happened. */
export function emptyResult(changes: Partial<RunResult> = {}): RunResult {
  const nothing = {
    requests: 0,
    failures: 0,
    interrupted: 0,
    rate: 0,
    bytesSent: 0,
    bytesReceived: 0,
    latencyMs: spread(0, 0),
  };
  const empty = {
    totals: nothing,
    series: [],
    errors: [],
    losses: [],
    checks: [],
    metrics: [],
    exceptions: [],
    connections: [],
    timeline: [],
    workers: [],
    notes: [],
  };
  return { ...sampleResult(), ...empty, verdict: 'passed', exitCode: 0, exit: 'passed', ...changes };
}

function sampleTimeline(seconds: number): TimelinePoint[] {
  const random = seeded(7);
  return Array.from({ length: seconds }, (_, second) => {
    const users = Math.min(480, second * 4 + 4);
    const trouble = second >= 301 && second <= 322 ? Math.sin(((second - 300) / 23) * Math.PI) : 0;
    const requests = Math.round(users * 2.7 * (0.96 + random() * 0.08) * (1 - 0.4 * trouble));
    const p50Ms = round(7 + users / 90 + random() * 1.2 + trouble * 60);
    const p95Ms = round(p50Ms * (3.4 + random() * 0.5) + trouble * 900);
    return {
      at: at(second),
      users,
      requests,
      failures: Math.round(requests * (0.0012 * random() + trouble * 0.28)),
      p50Ms,
      p95Ms,
      p99Ms: round(p95Ms * (1.5 + random() * 0.6)),
    };
  });
}

const ERRORS = [
  'status 503 Service Unavailable',
  'timed out after 5000 ms waiting for the response',
  'connection reset by 10.0.3.17:443 (ECONNRESET)',
];

function sampleErrors(series: readonly SeriesResult[]): ErrorResult[] {
  const failing = series.filter((row) => row.failures > 0);
  return failing.map(({ protocol, method, name, user, failures: occurrences }, i) => ({
    protocol,
    method,
    name,
    user,
    error: ERRORS[i % ERRORS.length]!,
    occurrences,
    firstSeenAt: at(301 + i),
    lastSeenAt: at(322 + i * 40),
  }));
}

function sampleConnections(): ConnectionResult[] {
  const secure = { tlsVersion: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' };
  const times = { dnsMs: spread(0.3, 0.1), tcpMs: spread(0.21, 0.09) };
  return [
    { protocol: 'h2', ...secure, handshake: 'full', opened: 4, ...times, tlsMs: spread(2.4, 1.9) },
    { protocol: 'h2', ...secure, handshake: 'resumed', opened: 476, ...times, tlsMs: spread(1.1, 0.8) },
    { protocol: 'http/1.1', tlsVersion: '', cipher: '', handshake: 'none', opened: 1_204, ...times },
  ];
}
