import { describe, expect, test } from '@jest/globals';
import { arrivals } from './arrivals.js';
import { iterations } from './iterations.js';

describe('a rate', () => {
  test('is per second, minute, hour, or several of them', () => {
    const rates = (['200/s', '1200/m', '180/h', '3/20s'] as const).map(
      (rate) => arrivals(rate).workload.rate.fromPerSecond,
    );
    expect(rates).toEqual([200, 20, 0.05, 0.15]);
  });

  test('has stages like a number of users', () => {
    const load = arrivals({ from: '10/s', to: '400/s', over: '5m' })
      .hold('10m')
      .jump('50/s')
      .hold('1m')
      .spike({ to: '500/s', hold: '10s' })
      .steps({ to: '100/s', times: 2, each: '1m' });
    expect(load.workload).toEqual({
      kind: 'arrivals',
      rate: {
        fromPerSecond: 10,
        stages: [
          { durationMs: 300_000, toPerSecond: 400 },
          { durationMs: 600_000, toPerSecond: 400 },
          { durationMs: 0, toPerSecond: 50 },
          { durationMs: 60_000, toPerSecond: 50 },
          { durationMs: 0, toPerSecond: 500 },
          { durationMs: 10_000, toPerSecond: 500 },
          { durationMs: 0, toPerSecond: 50 },
          { durationMs: 0, toPerSecond: 75 },
          { durationMs: 60_000, toPerSecond: 75 },
          { durationMs: 0, toPerSecond: 100 },
          { durationMs: 60_000, toPerSecond: 100 },
        ],
      },
    });
  });

  test('starts at 0 if a ramp has no begin', () => {
    expect(iterations({ to: '60/m', over: '1m' }).workload).toEqual({
      kind: 'iterations',
      rate: { fromPerSecond: 0, stages: [{ durationMs: 60_000, toPerSecond: 1 }] },
    });
  });

  test('follows from a count over a time', () => {
    expect(arrivals({ count: 600, over: '5m' }).workload.rate).toEqual({
      fromPerSecond: 2,
      stages: [{ durationMs: 300_000, toPerSecond: 2 }],
    });
  });

  test('keeps limit, delay and random order through later stages', () => {
    const load = iterations('20/s', { maxUsers: 300 }).random({ seed: 7 }).after('2m').hold('1m');
    expect(load).toMatchObject({
      afterMs: 120_000,
      workload: { kind: 'iterations', maxUsers: 300, random: { seed: 7 } },
    });
    expect(arrivals('20/s', { maxConcurrent: 5 }).workload).toMatchObject({ maxConcurrent: 5 });
    expect(arrivals('20/s').random().workload).toMatchObject({ random: {} });
  });

  test.each<[() => unknown, string]>([
    [() => arrivals('200' as never), "'200' is not a rate: it has no unit; write 200/s"],
    [() => arrivals(200 as never), "'200' is not a rate"],
    [() => arrivals(null as never), "'null' is not a rate"],
    [() => arrivals({ count: 0, over: '1m' }), 'count is 0'],
    [() => arrivals({ count: 5, over: 0 }), 'over must be longer than 0'],
    [() => arrivals({ to: '5/s', ovr: '1m' } as never), "there is no option 'ovr' (did you mean over?)"],
    [() => arrivals('5/s', { maxUsers: 5 } as never), "arrivals: there is no option 'maxUsers'"],
    [() => iterations('5/s', { maxConcurrent: 5 } as never), "there is no option 'maxConcurrent'"],
    [() => iterations({ total: 5, user: 1 } as never), "there is no option 'user' (did you mean users?)"],
    [() => arrivals('5/s').random({ seed: -1 }), 'seed is -1'],
    [() => arrivals('5/s').jump('fast' as never), "'fast' is not a rate"],
  ])('that is invalid is refused at once: %#', (make, message) => {
    expect(make).toThrow(message);
  });
});

describe('a fixed number of iterations', () => {
  test('is shared, or the same for each user', () => {
    expect(iterations({ total: 1_000, users: 20 }).workload).toEqual({
      kind: 'fixed',
      total: 1_000,
      users: 20,
      each: false,
      limitMs: null,
    });
    expect(iterations({ perUser: 20, users: 5 }).limit('2m').after('1m')).toMatchObject({
      afterMs: 60_000,
      workload: { total: 100, users: 5, each: true, limitMs: 120_000 },
    });
  });
});
