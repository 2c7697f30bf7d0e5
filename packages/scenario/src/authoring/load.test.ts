import { describe, expect, test } from '@jest/globals';
import { usersAt } from '@drumline/model';
import { ramp, startWith } from './load.js';

describe('a load', () => {
  test('has the stages in their order', () => {
    expect(ramp({ to: 500, over: '2m' }).hold('10m').ramp({ to: 0, over: '30s' }).profile).toEqual({
      fromUsers: 0,
      stages: [
        { durationMs: 120_000, toUsers: 500 },
        { durationMs: 600_000, toUsers: 500 },
        { durationMs: 30_000, toUsers: 0 },
      ],
    });
  });

  test('that starts with users has them at once', () => {
    const { profile } = startWith(50).hold('5m');
    expect(usersAt(profile, 0)).toBe(50);
    expect(usersAt(profile, 299_999)).toBe(50);
    expect(usersAt(profile, 300_000)).toBe(0);
  });

  test('held without a duration lasts until the run is stopped', () => {
    expect(startWith(5).hold().profile.stages.at(-1)).toEqual({ durationMs: null, toUsers: 5 });
  });

  test('is not changed by later calls', () => {
    const base = ramp({ to: 10, over: '1s' });
    base.hold('5s');
    base.ramp({ to: 20, over: '1s' });
    expect(base.profile.stages).toHaveLength(1);
  });

  test('with an invalid duration is refused at once', () => {
    expect(() => ramp({ to: 1, over: 'soon' as '1s' })).toThrow("'soon' is not a duration");
  });
});
