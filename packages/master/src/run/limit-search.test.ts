import { describe, expect, test } from '@jest/globals';
import { describeLimit, parseCondition, type FindLimit } from '@drumline/model';
import { encodeHistogram, Histogram, type IntervalDelta } from '@drumline/stats';
import { LimitSearch } from './limit-search.js';

const SEARCH: FindLimit = {
  kind: 'findLimit',
  fromPerSecond: 100,
  toPerSecond: 200,
  step: { factor: 1.2 },
  holdMs: 5_000,
  settleMs: 2_000,
  while: [parseCondition('p99 < 300ms'), parseCondition('error rate < 1%')],
};

/** What happens in a second at a rate. */
interface Second {
  readonly ms?: number;
  readonly failures?: number;
  readonly started?: number;
  readonly dropped?: number;
}

function deltaOf(second: number, rate: number, seen: Second): IntervalDelta {
  const { ms = 20, failures = 0, started = rate, dropped = 0 } = seen;
  const histogram = new Histogram();
  for (let n = 0; n < started; n += 1) histogram.record(ms * 1_000);
  return {
    second,
    series: [
      {
        key: { protocol: 'http', method: 'GET', name: '/', user: 'visitor', tags: [] },
        requests: Math.round(started),
        failures,
        interrupted: 0,
        bytesSent: 0,
        bytesReceived: 0,
        latency: encodeHistogram(histogram),
        errors: [],
      },
    ],
    checks: [],
    metrics: [],
    exceptions: [],
    schedule: [{ user: 'visitor', phase: '', started: Math.round(started), late: 0, dropped, skipped: 0 }],
  };
}

/** Plays a search. @param happens what a second of a step shows; `at` counts in the step */
function play(
  happens: (rate: number, at: number, step: number) => Second,
  untrusted: (second: number) => readonly string[] | undefined = () => undefined,
  search: FindLimit = SEARCH,
): LimitSearch {
  const played = new LimitSearch(search, untrusted);
  let begunAt = 0;
  played.begin(0);
  for (let second = 0; second < 500 && played.perSecond !== undefined; second += 1) {
    const rate = played.perSecond;
    const step = played.steps.length;
    played.add({ second, counts: deltaOf(second, rate, happens(rate, second - begunAt, step)) });
    if (!played.close(second, second)) continue;
    begunAt = second + 1;
    played.begin(begunAt * 1_000);
  }
  return played;
}

test('the answer is the last rate at which all conditions held', () => {
  const { found } = play((rate) => ({ ms: rate > 130 ? 400 : 20 }));
  expect(found).toMatchObject({ perSecond: 120, reason: 'condition', brokenAt: 144 });
  expect(found.steps.map(({ perSecond, heldSeconds, passed }) => [perSecond, heldSeconds, passed])).toEqual([
    [100, 3, true],
    [120, 3, true],
    [144, 3, false],
  ]);
  expect(found.steps[2]!.observed.map(({ passed }) => passed)).toEqual([false, true]);
  expect(describeLimit(found)).toBe('The limit is 120/s: p99 < 300ms did not hold at 144/s.');
});

test('the warm-up of a step and the time after it are not judged', () => {
  const { found } = play((_, at) => ({ ms: at < 2 || at >= 5 ? 900 : 20 }));
  expect(found).toMatchObject({ perSecond: 200, reason: 'highest' });
  expect(found.steps.map(({ perSecond }) => perSecond)).toEqual([100, 120, 144, 172.8, 200]);
});

test('a step of a fixed size adds it', () => {
  const search: FindLimit = { ...SEARCH, step: { perSecond: 40 } };
  expect(play(() => ({}), undefined, search).steps.map(({ perSecond }) => perSecond)).toEqual([
    100, 140, 180, 200,
  ]);
});

test('failures within a condition are tolerated, and more of them end the search', () => {
  const { found } = play((rate, at) => ({ failures: rate > 140 ? 3 : at === 3 ? 2 : 0 }));
  expect(found).toMatchObject({ perSecond: 120, reason: 'condition' });
  const never = play(() => ({ failures: 50 })).found;
  expect(never).toMatchObject({ perSecond: null, reason: 'condition', brokenAt: 100 });
  expect(describeLimit(never)).toBe('No rate was found: error rate < 1% did not hold at 100/s.');
});

test('a step without its starts is never the answer: the generator was the limit', () => {
  const { found } = play((rate) => ({ started: Math.min(rate, 130) }));
  expect(found).toMatchObject({ perSecond: 120, reason: 'generator', brokenAt: 144 });
  expect(found.steps.at(-1)!.untrusted?.message).toBe('only 90% of the starts happened');
  expect(describeLimit(found)).toContain('The generator was the limit at 144/s; add workers.');
});

test('starts that the limit of users refused are told from those of a slow generator', () => {
  const { found } = play((rate) => ({ started: Math.min(rate, 130), dropped: Math.max(0, rate - 130) }));
  expect(found).toMatchObject({ perSecond: 120, reason: 'users', brokenAt: 144 });
});

test('a step with untrusted seconds is repeated once, and then ends the search', () => {
  const once = play(
    () => ({}),
    (second) => (second === 3 ? ['w1'] : undefined),
  );
  expect(once.steps.slice(0, 3).map(({ perSecond, passed }) => [perSecond, passed])).toEqual([
    [100, false],
    [100, true],
    [120, true],
  ]);
  expect(once.found.reason).toBe('highest');
  const always = play(
    () => ({}),
    () => ['w1'],
  ).found;
  expect(always).toMatchObject({ perSecond: null, reason: 'generator', brokenAt: 100 });
  expect(always.steps).toHaveLength(2);
  expect(always.steps[0]!.untrusted?.message).toBe('w1 was the bottleneck in 3 of 3 seconds');
});

test('a late report of a second still counts, and a repeated step forgets what it counted', () => {
  const search = new LimitSearch(SEARCH, () => undefined);
  search.begin(0);
  for (let second = 2; second <= 4; second += 1)
    search.add({ second, counts: deltaOf(second, 100, { ms: 900 }) });
  search.begin(5_000);
  for (let second = 7; second <= 9; second += 1)
    search.add({ second, counts: deltaOf(second, second === 8 ? 10 : 100, {}) });
  expect(search.close(9, 9)).toBe(false);
  search.add({ second: 8, counts: deltaOf(8, 90, {}) });
  expect(search.close(10, 8)).toBe(false);
  expect(search.close(11, 9)).toBe(true);
  expect(search.steps).toMatchObject([{ perSecond: 100, passed: true }]);
});

test('another master continues after the judged steps', () => {
  const { steps } = play((rate) => ({ ms: rate > 110 ? 400 : 20 }));
  const judged = steps.slice(0, 1);
  const resumed = new LimitSearch(SEARCH, () => undefined, judged);
  expect(resumed.perSecond).toBe(120);
  expect(resumed.found).toEqual({ perSecond: 100, reason: 'stopped', steps: judged });
});

describe('a search that refines', () => {
  const rates = (search: LimitSearch): (number | boolean)[][] =>
    search.steps.map(({ perSecond, passed }) => [perSecond, passed]);

  test('halves the range after the first bad step, once the good rate has passed again', () => {
    const search = { ...SEARCH, step: { perSecond: 40 }, refine: 3 };
    const played = play((rate) => ({ ms: rate > 127 ? 400 : 20 }), undefined, search);
    expect(rates(played)).toEqual([
      [100, true],
      [140, false],
      [100, true],
      [120, true],
      [130, false],
      [120, true],
      [125, true],
    ]);
    expect(played.found).toMatchObject({ perSecond: 125, reason: 'condition', brokenAt: 130 });
    expect(describeLimit(played.found)).toBe('The limit is 125/s: p99 < 300ms did not hold at 130/s.');
  });

  test('ends if the target does not recover at the good rate', () => {
    let wasOverloaded = false;
    const search = { ...SEARCH, step: { perSecond: 40 }, refine: 3 };
    const played = play(
      (rate) => {
        wasOverloaded ||= rate > 127;
        return { ms: wasOverloaded ? 400 : 20 };
      },
      undefined,
      search,
    );
    expect(rates(played)).toEqual([
      [100, true],
      [140, false],
      [100, false],
    ]);
    expect(played.found).toMatchObject({ perSecond: 100, reason: 'condition', brokenAt: 140 });
  });

  test('has nothing to refine if the first or no step fails', () => {
    const search = { ...SEARCH, refine: 3 };
    expect(rates(play(() => ({ ms: 400 }), undefined, search))).toEqual([[100, false]]);
    expect(play(() => ({}), undefined, search).found).toMatchObject({ perSecond: 200, reason: 'highest' });
  });

  test('finds any limit within the width of the last range', () => {
    for (let limit = 101; limit < 200; limit += 7.3) {
      const search = { ...SEARCH, step: { perSecond: 50 }, refine: 5 };
      const { found } = play((rate) => ({ ms: rate > limit ? 400 : 20 }), undefined, search);
      expect(found.perSecond).toBeLessThanOrEqual(limit);
      expect(limit - found.perSecond!).toBeLessThanOrEqual(50 / 2 ** 5);
      expect(found.brokenAt).toBeGreaterThan(limit);
    }
  });
});
