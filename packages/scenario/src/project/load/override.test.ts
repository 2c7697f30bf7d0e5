import { describe, expect, test } from '@jest/globals';
import type { PlanOverrides } from '@drumline/model';
import { arrivals } from '../../authoring/load/arrivals.js';
import { inTurn } from '../../authoring/load/load.js';
import { startWith } from '../../authoring/load/users.js';
import { outcomeOf, partsOf, problemsOf } from '../../../../../test/support/plan-outcome.js';

describe('options', () => {
  const scenarioLoad = inTurn({ warmUp: startWith(1).hold('1m'), rate: arrivals('5/s').hold('2m') });

  test.each<[string, PlanOverrides, object]>([
    [
      '--rate',
      { ratePerSecond: 20 },
      {
        kind: 'iterations',
        rate: {
          fromPerSecond: 20,
          stages: [{ durationMs: 180_000, toPerSecond: 20 }],
        },
        order: { kind: 'even' },
      },
    ],
    [
      '--arrivals with --max-users and --random',
      { arrivalsPerSecond: 20, maxUsers: 5, random: true, seed: 3 },
      { kind: 'arrivals', maxConcurrent: 5, order: { kind: 'random', seed: 3 } },
    ],
    [
      '--iterations',
      { iterations: 100 },
      { kind: 'fixed', total: 100, users: 1, each: false, limitMs: null },
    ],
    [
      '--iterations with --users and --run-time',
      { iterations: 100, users: 20, runTimeMs: 5_000 },
      { kind: 'fixed', total: 100, users: 20, limitMs: 5_000 },
    ],
    [
      '--stage',
      { stages: [{ durationMs: 1_000, to: 5, unit: 'users' }] },
      { kind: 'users', profile: { fromUsers: 0, stages: [{ durationMs: 1_000, toUsers: 5 }] } },
    ],
    [
      '--stage with --users',
      { users: 3, stages: [{ durationMs: 1_000, to: 5, unit: 'users' }] },
      { kind: 'users', profile: { fromUsers: 3 } },
    ],
    [
      '--stage with a rate',
      { stages: [{ durationMs: 1_000, to: 5, unit: 'per-second' }] },
      { kind: 'iterations', rate: { fromPerSecond: 0, stages: [{ durationMs: 1_000, toPerSecond: 5 }] } },
    ],
    [
      '--stage with --arrivals and --run-time',
      { arrivalsPerSecond: 2, stages: [{ durationMs: 1_000, to: 5, unit: 'per-second' }], runTimeMs: 3_000 },
      {
        kind: 'arrivals',
        rate: {
          fromPerSecond: 2,
          stages: [
            { durationMs: 1_000, toPerSecond: 5 },
            { durationMs: 2_000, toPerSecond: 5 },
          ],
        },
      },
    ],
  ])('replace the load of the scenario: %s', async (_, overrides, workload) => {
    const admin = { weight: 0 };
    const outcome = await outcomeOf(scenarioLoad, overrides, { admin });
    expect(outcome).toMatchObject({
      plan: { load: { parts: [{ phase: '', types: [0, 1], startMs: 0, workload }] } },
    });
  });

  test('--run-time cuts every part, and extends the last phase', async () => {
    const ends = async (runTimeMs: number): Promise<unknown[]> =>
      (await partsOf(scenarioLoad, { runTimeMs })).map(({ phase, workload }) => [
        phase,
        workload.kind === 'users'
          ? workload.profile.stages.at(-1)
          : workload.kind === 'arrivals' && workload.rate.stages.at(-1),
      ]);
    expect(await ends(30_000)).toEqual([['warmUp', { durationMs: 30_000, toUsers: 1 }]]);
    expect(await ends(90_000)).toEqual([
      ['warmUp', { durationMs: 60_000, toUsers: 1 }],
      ['rate', { durationMs: 30_000, toPerSecond: 5 }],
    ]);
    expect(await ends(300_000)).toEqual([
      ['warmUp', { durationMs: 60_000, toUsers: 1 }],
      ['rate', { durationMs: 120_000, toPerSecond: 5 }],
    ]);
  });

  test.each<[PlanOverrides, string]>([
    [{ users: 5, ratePerSecond: 1 }, '--users: cannot be combined with --rate → users are added'],
    [{ users: 5, arrivalsPerSecond: 1 }, '--users: cannot be combined with --arrivals → users arrive'],
    [{ ratePerSecond: 5, arrivalsPerSecond: 1 }, '--rate: cannot be combined with --arrivals'],
    [{ iterations: 5, ratePerSecond: 1 }, '--iterations: cannot be combined with --rate'],
    [{ iterations: 5, users: 2, spawnRate: 1 }, '--spawn-rate: cannot be combined with --iterations'],
    [
      { users: 5, stages: [{ durationMs: 1, to: 5, unit: 'per-second' }] },
      '--users: cannot be combined with stages of a rate',
    ],
    [
      { ratePerSecond: 5, stages: [{ durationMs: 1, to: 5, unit: 'users' }] },
      '--stage: is a number of users, but the load is a rate',
    ],
    [{ maxUsers: 5 }, '--max-users: has no effect without a rate'],
    [{ random: true }, '--random: has no effect without a rate'],
    [{ ratePerSecond: 5, maxUsers: 1 }, '--max-users: 1 user cannot be of 2 user types'],
    [{ iterations: 5, users: 10 }, '--iterations: 5 iterations are fewer than the 10 users'],
    [{ iterations: 5, users: 1 }, '--users: 1 user cannot be of 2 user types'],
    [{ stages: [{ durationMs: 0, to: 0, unit: 'per-second' }] }, '--stage: its rate is 0'],
  ])('that contradict each other are explained: %j', async (overrides, message) => {
    expect((await problemsOf(scenarioLoad, overrides)).join('\n')).toContain(message);
  });
});
