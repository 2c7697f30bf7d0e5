import { describe, expect, test } from '@jest/globals';
import { ramp, startWith } from '@drumline/scenario';
import { describeLoad, describeStage } from './load.js';

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

  test('describes the load that options set', () => {
    const stages = [
      { durationMs: 0, toUsers: 4 },
      { durationMs: 2_000, toUsers: 4 },
    ];
    expect(describeLoad({ fromUsers: 0, stages })).toBe('start with 4 users, hold 4 for 2s');
  });
});

test.each([
  [
    'ramp to 500 users, 40s of 2m, stage 1 of 2',
    { number: 1, stages: 2, fromUsers: 0, toUsers: 500, elapsedMs: 40_900, durationMs: 120_000 },
  ],
  [
    'ramp down to 1 user, 0s of 10s',
    { number: 1, stages: 1, fromUsers: 5, toUsers: 1, elapsedMs: 10, durationMs: 10_000 },
  ],
  [
    'hold 20 users until stopped, stage 2 of 2',
    { number: 2, stages: 2, fromUsers: 20, toUsers: 20, elapsedMs: 5_000, durationMs: null },
  ],
])('the current stage: %s', (text, stage) => {
  expect(describeStage(stage)).toBe(text);
});
