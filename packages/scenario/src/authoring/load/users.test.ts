import { describe, expect, test } from '@jest/globals';
import { usersAt } from '@drumline/model';
import { ramp, startWith, type UserLoad } from './users.js';

const profileOf = (load: UserLoad): UserLoad['workload']['profile'] => load.workload.profile;

describe('a number of users', () => {
  test('has the stages in their order', () => {
    expect(profileOf(ramp({ to: 500, over: '2m' }).hold('10m').ramp({ to: 0, over: '30s' }))).toEqual({
      fromUsers: 0,
      stages: [
        { durationMs: 120_000, toUsers: 500 },
        { durationMs: 600_000, toUsers: 500 },
        { durationMs: 30_000, toUsers: 0 },
      ],
    });
  });

  test('that is there at the start is there at once', () => {
    const profile = profileOf(startWith(50).hold('5m'));
    expect(usersAt(profile, 0)).toBe(50);
    expect(usersAt(profile, 299_999)).toBe(50);
    expect(usersAt(profile, 300_000)).toBe(0);
  });

  test('held without a duration lasts until the run is stopped', () => {
    expect(profileOf(startWith(5).hold()).stages.at(-1)).toEqual({ durationMs: null, toUsers: 5 });
  });

  test('jumps, and is held', () => {
    const profile = profileOf(startWith(5).hold('1m').jump(20).hold('1m'));
    expect([59_999, 60_000, 119_999, 120_000].map((atMs) => usersAt(profile, atMs))).toEqual([5, 20, 20, 0]);
  });

  test('takes equal steps up and down, to exactly the last value', () => {
    const up = profileOf(startWith(0).steps({ to: 100, times: 3, each: '1m' }));
    expect([0, 60_000, 120_000, 179_999].map((atMs) => usersAt(up, atMs))).toEqual([33, 67, 100, 100]);
    const down = profileOf(startWith(10).steps({ to: 0, times: 2, each: '1s' }));
    expect([0, 1_000, 1_999].map((atMs) => usersAt(down, atMs))).toEqual([5, 0, 0]);
  });

  test('returns to its value after a spike', () => {
    const profile = profileOf(startWith(5).hold('1m').spike({ to: 50, hold: '10s' }).hold('1m'));
    expect([59_999, 60_000, 69_999, 70_000, 129_999, 130_000].map((atMs) => usersAt(profile, atMs))).toEqual([
      5, 50, 50, 5, 5, 0,
    ]);
  });

  test('is not changed by later calls', () => {
    const base = ramp({ to: 10, over: '1s' });
    base.hold('5s');
    base.ramp({ to: 20, over: '1s' });
    base.after('1m');
    expect(profileOf(base).stages).toHaveLength(1);
    expect(base.afterMs).toBe(0);
  });

  test('keeps its delay when stages are added', () => {
    expect(startWith(1).after('2m').hold('1m').afterMs).toBe(120_000);
  });

  test('with invalid stages is refused at once', () => {
    expect(() => ramp({ to: 1, over: 'soon' as '1s' })).toThrow("'soon' is not a duration");
    expect(() => startWith(1).steps({ to: 5, times: 0, each: '1s' })).toThrow('times is 0');
    expect(() => startWith(1).steps({ to: 5, times: 2.5, each: '1s' })).toThrow('times is 2.5');
    expect(() => startWith(1).spike({ to: 5, for: '1s' } as never)).toThrow("there is no option 'for'");
  });
});
