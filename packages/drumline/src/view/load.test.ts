import { describe, expect, test } from '@jest/globals';
import { ramp, startWith } from '@drumline/scenario';
import { describeLoad } from './load.js';

describe('describeLoad', () => {
  test.each([
    [ramp({ to: 50, over: '5s' }).hold('10s'), 'ramp to 50 users over 5s, hold 50 for 10s'],
    [startWith(1).hold('2s'), 'start with 1 user, hold 1 for 2s'],
    [startWith(1_000_000).hold(), 'start with 1,000,000 users, hold 1,000,000 until stopped'],
    [
      ramp({ to: 100, over: '1m' }).ramp({ to: 0, over: '30s' }),
      'ramp to 100 users over 1m, ramp down to 0 over 30s',
    ],
    [
      startWith(5).hold('1m').ramp({ to: 20, over: 0 }).hold('1m'),
      'start with 5 users, hold 5 for 1m, jump to 20, hold 20 for 1m',
    ],
  ])('%#', ({ profile }, sentence) => {
    expect(describeLoad(profile)).toBe(sentence);
  });

  test('says of flags what they do', () => {
    const stages = [
      { durationMs: 0, toUsers: 4 },
      { durationMs: 2_000, toUsers: 4 },
    ];
    expect(describeLoad({ fromUsers: 0, stages })).toBe('start with 4 users, hold 4 for 2s');
  });
});
