import { describe, expect, test } from '@jest/globals';
import { describePart, describeStage, describeWorkload } from './describe.js';
import type { PartStage } from './part-stage.js';
import type { OpenWorkload, Workload } from './workload.js';

const users = (fromUsers: number, ...stages: [durationMs: number | null, toUsers: number][]): Workload => ({
  kind: 'users',
  profile: { fromUsers, stages: stages.map(([durationMs, toUsers]) => ({ durationMs, toUsers })) },
});

const open = (
  kind: 'arrivals' | 'iterations',
  fromPerSecond: number,
  ...stages: [durationMs: number | null, toPerSecond: number][]
): OpenWorkload => ({
  kind,
  rate: {
    fromPerSecond,
    stages: stages.map(([durationMs, toPerSecond]) => ({ durationMs, toPerSecond })),
  },
  order: { kind: 'even' },
});

describe('a workload as a sentence', () => {
  test.each<[Workload, string]>([
    [users(0, [5_000, 50], [10_000, 50]), 'ramp to 50 users over 5s, hold 50 for 10s'],
    [users(1, [0, 1], [2_000, 1]), 'start with 1 user, hold 1 for 2s'],
    [users(1e6, [0, 1e6], [null, 1e6]), 'start with 1,000,000 users, hold 1,000,000 until stopped'],
    [users(0, [60_000, 100], [30_000, 0]), 'ramp to 100 users over 1m, ramp down to 0 over 30s'],
    [
      users(5, [0, 5], [60_000, 5], [0, 20], [60_000, 20]),
      'start with 5 users, hold 5 for 1m, jump to 20, hold 20 for 1m',
    ],
    [users(0, [0, 4], [2_000, 4]), 'start with 4 users, hold 4 for 2s'],
    [
      users(3, [60_000, 3], [0, 9], [1_000, 9], [0, 3]),
      'start with 3 users, hold 3 for 1m, jump to 9, hold 9 for 1s',
    ],
    [open('arrivals', 200, [600_000, 200]), 'arrivals: hold 200/s for 10m, 120,000 in total'],
    [open('iterations', 20, [null, 20]), 'iterations: hold 20/s until stopped'],
    [
      open('iterations', 10, [300_000, 400], [600_000, 400]),
      'iterations: start with 10/s, ramp to 400/s over 5m, hold 400/s for 10m, 301,500 in total',
    ],
    [open('arrivals', 0, [60_000, 2]), 'arrivals: ramp to 2/s over 1m, 60 in total'],
    [
      {
        ...open('arrivals', 2, [60_000, 2]),
        kind: 'arrivals',
        order: { kind: 'random', seed: 7 },
        maxConcurrent: 1,
      },
      'arrivals: hold 2/s for 1m, at random times (seed 7), at most 1 user at a time, about 120 in total',
    ],
    [
      { ...open('iterations', 2, [60_000, 2]), kind: 'iterations', maxUsers: 300 },
      'iterations: hold 2/s for 1m, at most 300 users, 120 in total',
    ],
    [
      { kind: 'fixed', total: 1_000, users: 20, each: false, limitMs: null },
      '1,000 iterations shared by 20 users',
    ],
    [{ kind: 'fixed', total: 1, users: 1, each: false, limitMs: null }, '1 iteration by 1 user'],
    [
      { kind: 'fixed', total: 100, users: 5, each: true, limitMs: 120_000 },
      '20 iterations by each of 5 users, for at most 2m',
    ],
  ])('%#', (workload, sentence) => {
    expect(describeWorkload(workload)).toBe(sentence);
  });

  test('has its user type, its phase and its start before it', () => {
    const workload = users(3, [60_000, 3]);
    const text = 'start with 3 users, hold 3 for 1m';
    expect(describePart({ phase: '', startMs: 0, workload })).toBe(text);
    expect(describePart({ phase: 'rate', startMs: 120_000, workload }, 'shopper')).toBe(
      `shopper, rate, after 2m: ${text}`,
    );
    expect(describePart({ phase: 'rate', startMs: null, workload })).toBe(`rate, then: ${text}`);
  });
});

test.each<[string, Partial<PartStage>]>([
  [
    'ramp to 500 users, 40s of 2m, stage 1 of 2',
    { number: 1, stages: 2, from: 0, to: 500, elapsedMs: 40_900, durationMs: 120_000 },
  ],
  ['ramp down to 1 user, 0s of 10s', { from: 5, to: 1, elapsedMs: 10, durationMs: 10_000 }],
  [
    'hold 20 users until stopped, stage 2 of 2',
    { number: 2, stages: 2, from: 20, to: 20, elapsedMs: 5_000, durationMs: null },
  ],
  [
    'rate: ramp to 400 arrivals/s, 5s of 1m',
    { phase: 'rate', kind: 'arrivals', from: 10, to: 400, elapsedMs: 5_000, durationMs: 60_000 },
  ],
  ['hold 20 iterations/s until stopped', { kind: 'iterations', from: 20, to: 20, durationMs: null }],
  ['500 iterations in total, 3s', { kind: 'fixed', from: 500, to: 500, elapsedMs: 3_000, durationMs: null }],
  [
    '500 iterations in total, 3s of 2m',
    { kind: 'fixed', from: 500, to: 500, elapsedMs: 3_000, durationMs: 120_000 },
  ],
])('the current stage: %s', (text, stage) => {
  const usual = {
    phase: '',
    kind: 'users',
    number: 1,
    stages: 1,
    from: 0,
    to: 0,
    elapsedMs: 0,
    durationMs: null,
  };
  expect(describeStage({ ...usual, ...stage } as PartStage)).toBe(text);
});
