import { describe, expect, test } from '@jest/globals';
import {
  isLowerBound,
  meets,
  parseCondition,
  quantileOf,
  type Condition,
  type Threshold,
} from '@drumline/model';
import fc from 'fast-check';
import { encodeHistogram } from '../codec.js';
import type { IntervalDelta } from '../delta.js';
import { Histogram } from '../histogram.js';
import { ThresholdJudge } from './threshold-judge.js';

const SECONDS = 14;

/** A finished request. */
interface Request {
  readonly second: number;
  readonly name: 'a' | 'b';
  readonly ms: number;
  readonly failed: boolean;
  /** After how many more closed seconds its report arrives. */
  readonly lateBy: number;
}

const requests: fc.Arbitrary<Request[]> = fc.array(
  fc.record({
    second: fc.nat(SECONDS - 1),
    name: fc.constantFrom('a' as const, 'a' as const, 'b' as const),
    ms: fc.integer({ min: 0, max: 40 }),
    failed: fc.boolean(),
    lateBy: fc.oneof(fc.constant(0), fc.constant(0), fc.nat(SECONDS)),
  }),
  { maxLength: 60 },
);

/** One report of all requests of a second that arrive together. */
function deltaOf(second: number, seen: readonly Request[]): IntervalDelta {
  const names = [...new Set(seen.map(({ name }) => name))];
  const series = names.map((name) => {
    const own = seen.filter((one) => one.name === name);
    const tags = [['phase', name]] as const;
    return {
      key: { protocol: 'http', method: 'GET', name: `/${name}`, user: 'visitor', tags },
      requests: own.length,
      failures: own.filter(({ failed }) => failed).length,
      interrupted: 0,
      bytesSent: 0,
      bytesReceived: 0,
      latency: encodeHistogram(histogramOf(own)),
      errors: [],
    };
  });
  return { second, series, checks: [], metrics: [], exceptions: [] };
}

function histogramOf(seen: readonly Request[]): Histogram {
  const histogram = new Histogram();
  for (const { ms } of seen) histogram.record(ms * 1_000);
  return histogram;
}

const EXPRESSIONS = [
  'p95 < 20ms',
  'p95 < 20ms over 3s',
  'mean <= 15ms over 12s',
  'max < 35ms over 1s',
  'error rate < 50%',
  'error rate <= 50% over 4s',
  'rate >= 2/s',
  'rate >= 2/s over 2s',
  'rate < 4/s over 11s',
  'failures == 0 over 5s',
  'count >= 30',
  'count < 8 over 2s',
];
const SUBJECTS = [
  { kind: 'requests' },
  { kind: 'requests', request: 'GET /a' },
  { kind: 'requests', tags: [['phase', 'b']] },
] as const;
const thresholds: Threshold[] = SUBJECTS.flatMap((subject) =>
  EXPRESSIONS.map((text) => ({ ...parseCondition(text), subject })),
);

/** What a condition observes in requests, from its definition. */
function figureOf({ statistic }: Condition, seen: readonly Request[], seconds: number): number | undefined {
  const failures = seen.filter(({ failed }) => failed).length;
  const times = histogramOf(seen);
  if (statistic === 'count') return seen.length;
  if (statistic === 'failures') return failures;
  if (statistic === 'rate') return seen.length / seconds;
  if (seen.length === 0) return undefined;
  if (statistic === 'error rate') return failures / seen.length;
  if (statistic === 'mean') return times.mean / 1_000;
  if (statistic === 'max') return times.max / 1_000;
  return times.quantiles([quantileOf(statistic)!])[0]! / 1_000;
}

/** The judgment from the definition: every window on its own, from all requests. */
function expected(threshold: Threshold, all: readonly Request[], loadEnd: number): object {
  const { subject, windowSeconds } = threshold;
  const isPhase = subject.tags !== undefined;
  const isAll = Object.keys(subject).length === 1;
  const own = all.filter(({ name }) => isAll || name === (isPhase ? 'b' : 'a'));
  if (own.length === 0) return { observed: undefined, passed: false };
  const first = Math.min(...own.map(({ second }) => second));
  const last = Math.max(...own.map(({ second }) => second));
  const whole = figureOf(threshold, own, isPhase ? last + 1 - first : SECONDS)!;
  const lower = isLowerBound(threshold);
  const figures: number[] = [];
  if (windowSeconds !== undefined) {
    const end = Math.min(isPhase ? last : SECONDS - 1, lower ? loadEnd - 1 : Infinity);
    for (let to = (isAll ? 0 : first) + windowSeconds - 1; to <= end; to += 1) {
      const seen = own.filter(({ second }) => second <= to && second > to - windowSeconds);
      const figure = figureOf(threshold, seen, windowSeconds);
      if (figure !== undefined) figures.push(figure);
    }
  }
  if (figures.length === 0) return { observed: whole, passed: meets(threshold, whole) };
  const broken = figures.filter((figure) => !meets(threshold, figure));
  return {
    observed: lower ? Math.min(...figures) : Math.max(...figures),
    passed: broken.length === 0,
    brokenSeconds: broken.length,
  };
}

/** Closes all seconds; requests that are late arrive as corrections. */
function judge(
  all: readonly Request[],
  loadEnd: number,
  judged = new ThresholdJudge(thresholds),
): ThresholdJudge {
  judged.endLoad(loadEnd);
  for (let now = 0; now < SECONDS; now += 1) {
    for (let second = 0; second <= now; second += 1) {
      const arriving = all.filter((one) => one.second === second && second + one.lateBy === now);
      if (arriving.length > 0) judged.add(deltaOf(second, arriving));
    }
    judged.close(now);
  }
  for (const one of all) if (one.second + one.lateBy >= SECONDS) judged.add(deltaOf(one.second, [one]));
  return judged;
}

describe('thresholds', () => {
  test('are judged like the merged seconds, whenever reports arrive', () => {
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: SECONDS }), (all, loadEnd) => {
        const judgments = judge(all, loadEnd).finish(SECONDS - 1, SECONDS);
        thresholds.forEach((threshold, index) => {
          expect([threshold, judgments[index]]).toMatchObject([threshold, expected(threshold, all, loadEnd)]);
        });
      }),
    );
  });

  test('are judged alike by a master that continues after another', () => {
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: SECONDS - 1 }), (all, restart) => {
        const whole = new ThresholdJudge(thresholds);
        const before = new ThresholdJudge(thresholds);
        const inTime = all.map((one) => ({ ...one, lateBy: 0 }));
        const deltas = [...Array(SECONDS).keys()].map((second) =>
          deltaOf(
            second,
            inTime.filter((one) => one.second === second),
          ),
        );
        deltas.slice(0, restart).forEach((delta, second) => {
          before.add(delta);
          before.close(second);
        });
        const after = new ThresholdJudge(thresholds);
        after.restore(structuredClone(before.stored), [], deltas.slice(0, restart), 0);
        deltas.forEach((delta, second) => {
          whole.add(delta);
          whole.close(second);
          if (second < restart) return;
          after.add(delta);
          after.close(second);
          expect(after.states).toEqual(whole.states);
        });
        expect(after.finish(SECONDS - 1, SECONDS)).toEqual(whole.finish(SECONDS - 1, SECONDS));
      }),
    );
  });

  test('begin again after a reset', () => {
    fc.assert(
      fc.property(requests, requests, (discarded, all) => {
        const again = judge(discarded, SECONDS);
        again.reset(0);
        const judgments = judge(all, SECONDS, again).finish(SECONDS - 1, SECONDS);
        expect(judgments).toEqual(judge(all, SECONDS).finish(SECONDS - 1, SECONDS));
      }),
    );
  });
});
