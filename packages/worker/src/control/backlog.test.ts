import { describe, expect, test } from '@jest/globals';
import { bytesOf, encodeHistogram, Histogram, requestsIn, type IntervalDelta } from '@drumline/stats';
import { Backlog } from './backlog.js';

const encoded = new Map<number, Uint8Array>();

/** A histogram with this many response times of a millisecond. */
function timesOf(requests: number): Uint8Array {
  const known = encoded.get(requests);
  if (known) return known;
  const latency = new Histogram();
  latency.record(1_000, requests);
  const times = encodeHistogram(latency);
  encoded.set(requests, times);
  return times;
}

/** A second in which each of some series had this many requests. */
function delta(second: number, requests: number, series = 1): IntervalDelta {
  const counts = { requests, failures: 0, interrupted: 0, bytesSent: 0, bytesReceived: 0 };
  return {
    second,
    series: Array.from({ length: series }, (_, i) => ({
      key: { protocol: 'http', method: 'GET', name: `/${i}`, user: 'a', tags: [] },
      ...counts,
      latency: timesOf(requests),
      errors: [],
    })),
    checks: [],
    metrics: [],
    exceptions: [],
  };
}

const sum = (deltas: readonly IntervalDelta[]): number =>
  deltas.reduce((all, one) => all + requestsIn(one), 0);

describe('a backlog', () => {
  test('of a partition that lasts a day stays small and keeps every request', () => {
    const backlog = new Backlog();
    let most = 0;
    for (let second = 0; second < 86_400; second += 1) {
      backlog.add([delta(second, 2)]);
      if (second % 300 === 0) backlog.absorb();
      most = Math.max(most, second % 300 === 0 ? backlog.deltas.length : 0);
    }
    backlog.absorb();
    expect(most).toBeLessThanOrEqual(600);
    expect(backlog.foldedToSeconds).toBe(1_000);
    expect(bytesOf(backlog.deltas)).toBeLessThan(1_000_000);
    expect(sum(backlog.deltas)).toBe(2 * 86_400);
  });

  test('of many series is folded at the byte limit, and is taken in parts of the requested size', () => {
    const limits = { intervals: 600, bytes: 500_000 };
    const backlog = new Backlog(limits);
    for (let second = 0; second < 30; second += 1) {
      backlog.add([delta(second, 1, 200)]);
      backlog.absorb();
      expect(bytesOf(backlog.deltas)).toBeLessThan(limits.bytes * 1.1);
    }
    expect(backlog.foldedToSeconds).toBeGreaterThan(1);
    let taken = 0;
    while (backlog.absorbed) {
      const part = backlog.take(20_000);
      expect(bytesOf(part)).toBeLessThan(22_000);
      taken += sum(part);
    }
    expect(taken).toBe(6_000);
    backlog.add([delta(101, 1), delta(102, 1)]);
    backlog.absorb();
    expect(backlog.take(20_000).map(({ second }) => second)).toEqual([101, 102]);
  });

  test('returns the oldest counts first, and accepts back what could not be sent', () => {
    const backlog = new Backlog();
    backlog.add([delta(5, 1), delta(3, 1), delta(5, 1)]);
    backlog.absorb();
    const taken = backlog.take(1_000_000);
    expect(taken.map(({ second }) => second)).toEqual([3, 5]);
    expect(backlog.empty).toBe(true);
    backlog.giveBack(taken);
    expect(sum(backlog.take(1_000_000))).toBe(3);
  });
});
