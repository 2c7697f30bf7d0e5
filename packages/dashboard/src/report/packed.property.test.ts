import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RunResult, TimelinePoint } from '@drumline/client';
import { emptyResult } from '../../../../test/support/sample-result.js';
import { packResult, unpackResult } from './packed.js';

const startMs = Date.parse('2025-03-01T14:05:09.000Z');
const count = fc.nat(5_000);
const bands = fc
  .tuple(fc.nat(20), fc.array(fc.nat(9), { minLength: 1, maxLength: 6 }))
  .map(([first, counts]) => `${first}:${counts.join(',')}`);
const figures = fc.record({
  users: count,
  plannedUsers: fc.integer({ min: 1, max: 500 }),
  plannedRate: fc.integer({ min: 1, max: 500 }),
  requests: count,
  failures: count,
  failedChecks: count,
  exceptions: count,
  latencyBands: bands,
  p50Ms: fc.nat(9_999),
  p95Ms: fc.nat(9_999),
  p99Ms: fc.nat(9_999),
});

function resultOf(points: readonly Omit<TimelinePoint, 'at'>[]): RunResult {
  const timeline = points.map((point, second) => ({
    ...point,
    at: new Date(startMs + second * 1_000).toISOString(),
  }));
  const { run } = emptyResult();
  const startedAt = new Date(startMs).toISOString();
  return emptyResult({ timeline, run: { ...run, startedAt, durationMs: timeline.length * 1_000 } });
}

function bandCounts(points: readonly TimelinePoint[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { latencyBands = '' } of points) {
    const [first, listed = ''] = latencyBands.split(':');
    listed.split(',').forEach((text, index) => {
      const band = Number(first) + index;
      if (Number(text) > 0) counts.set(band, (counts.get(band) ?? 0) + Number(text));
    });
  }
  return counts;
}

test('a result is the same after it was packed, sent as JSON and unpacked', () => {
  fc.assert(
    fc.property(fc.array(figures, { maxLength: 30 }), (points) => {
      const result = resultOf(points);
      const packed = packResult(result);
      expect(unpackResult(JSON.parse(JSON.stringify(packed)) as typeof packed)).toEqual(result);
    }),
  );
});

test('a longer timeline has at most 3,600 points, with the same sums and highest values', () => {
  const length = fc.integer({ min: 3_601, max: 12_000 });
  fc.assert(
    fc.property(fc.array(figures, { minLength: 1, maxLength: 50 }), length, (some, seconds) => {
      const result = resultOf(Array.from({ length: seconds }, (_, index) => some[index % some.length]!));
      const packed = packResult(result);
      const { timeline } = unpackResult(packed);
      expect(timeline.length).toBeLessThanOrEqual(3_600);
      expect(packed.timeline.stepSeconds).toBe(Math.ceil(seconds / 3_600));
      for (const name of ['requests', 'failures', 'failedChecks', 'exceptions'] as const)
        expect(sumOf(timeline, name)).toBe(sumOf(result.timeline, name));
      for (const name of ['users', 'plannedUsers', 'plannedRate', 'p50Ms', 'p95Ms', 'p99Ms'] as const)
        expect(highestOf(timeline, name)).toBe(highestOf(result.timeline, name));
      expect(bandCounts(timeline)).toEqual(bandCounts(result.timeline));
      expect(packed.timeline.peakRate).toBe(highestOf(result.timeline, 'requests'));
    }),
    { numRuns: 20 },
  );
});

test('an incomplete last second without requests is left out', () => {
  const point = { users: 1, requests: 5, failures: 0, p50Ms: 1, p95Ms: 1, p99Ms: 1 };
  const result = resultOf([point, point, { ...point, requests: 0 }]);
  const lasting = (durationMs: number): number =>
    unpackResult(packResult({ ...result, run: { ...result.run, durationMs } })).timeline.length;
  expect(lasting(2_400)).toBe(2);
  expect(lasting(3_000)).toBe(3);
});

function sumOf(points: readonly TimelinePoint[], name: keyof TimelinePoint): number {
  return points.reduce((sum, point) => sum + (point[name] as number), 0);
}

function highestOf(points: readonly TimelinePoint[], name: keyof TimelinePoint): number {
  return points.reduce((most, point) => Math.max(most, point[name] as number), 0);
}
