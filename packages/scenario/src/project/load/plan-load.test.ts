import { describe, expect, test } from '@jest/globals';
import { loadEndMs, type Plan, type PlanOverrides } from '@drumline/model';
import { arrivals } from '../../authoring/load/arrivals.js';
import { findLimit, type FindLimitOptions } from '../../authoring/load/find-limit.js';
import { iterations } from '../../authoring/load/iterations.js';
import { inTurn, type ScenarioLoad } from '../../authoring/load/load.js';
import { ramp, startWith } from '../../authoring/load/users.js';
import { scenario } from '../../authoring/scenario.js';
import { inOrder, task } from '../../authoring/tasks.js';
import { user, type UserSpec } from '../../authoring/user.js';
import { constant, pacing } from '../../authoring/wait.js';
import { outcomeOf, partsOf, tasks } from '../../../../../test/support/plan-outcome.js';
import { planOf } from '../plan.js';
import { findWaitWarnings } from './warnings.js';

describe('the load of a plan', () => {
  test('of all user types is one part', async () => {
    expect(await partsOf(arrivals('50/s', { maxConcurrent: 40 }).hold('10m'))).toEqual([
      {
        phase: '',
        types: [0, 1],
        startMs: 0,
        workload: {
          kind: 'arrivals',
          rate: { fromPerSecond: 50, stages: [{ durationMs: 600_000, toPerSecond: 50 }] },
          order: { kind: 'even' },
          maxConcurrent: 40,
        },
      },
    ]);
  });

  test('by user type has a part for each', async () => {
    const load = { admin: startWith(3).hold('10m').after('2m'), shopper: arrivals('50/s').hold('10m') };
    expect(await partsOf(load)).toMatchObject([
      { types: [1], startMs: 120_000, workload: { kind: 'users' } },
      { types: [0], startMs: 0, workload: { kind: 'arrivals' } },
    ]);
  });

  test('as a list runs side by side', async () => {
    expect(await partsOf([startWith(1).hold('1m'), iterations('5/s').hold('1m').after('10s')])).toMatchObject(
      [
        { types: [0, 1], startMs: 0 },
        { types: [0, 1], startMs: 10_000 },
      ],
    );
  });

  test('in turn starts each phase at the end of the one before', async () => {
    const load = inTurn({
      warmUp: ramp({ to: 20, over: '30s' }),
      both: [startWith(1).hold('1m'), iterations('5/s').hold('2m').after('10s')],
      rate: arrivals('5/s').hold('1m').after('5s'),
    }).after('1m');
    expect(await partsOf(load)).toMatchObject([
      { phase: 'warmUp', startMs: 60_000 },
      { phase: 'both', startMs: 90_000 },
      { phase: 'both', startMs: 100_000 },
      { phase: 'rate', startMs: 225_000 },
    ]);
  });

  test('in turn follows parts whose length is unknown, also within a user type', async () => {
    const turns = inTurn({
      fixed: iterations({ total: 500, users: 20 }).limit('2m'),
      next: [startWith(1).hold('1m'), arrivals('1/s').hold('1m')],
      last: arrivals('5/s').hold('1m'),
    });
    const parts = await partsOf({ admin: turns, shopper: turns });
    expect(parts.map(({ startMs, follows }) => [startMs, follows])).toEqual([
      [0, undefined],
      [null, [0]],
      [null, [0]],
      [null, [1, 2]],
      [0, undefined],
      [null, [4]],
      [null, [4]],
      [null, [5, 6]],
    ]);
  });

  test('has no parts of user types that have no tasks left', async () => {
    const users = [
      user('shopper', { tasks }),
      user('admin', { tasks: { other: task({ tags: ['other'] }, () => {}) } }),
    ];
    const load = {
      admin: inTurn({ a: iterations({ total: 1, users: 1 }), b: startWith(1).hold() }),
      shopper: inTurn({ a: iterations({ total: 1, users: 1 }), b: startWith(1).hold() }),
    };
    const outcome = await planOf(scenario({ users, load }), 'shop.ts', { tags: ['all'] });
    expect(outcome).toMatchObject({
      plan: {
        load: {
          parts: [
            { types: [0], startMs: 0 },
            { types: [0], startMs: null, follows: [0] },
          ],
        },
      },
    });
  });

  test('has no users of a type with an empty list', async () => {
    expect(await partsOf({ admin: [], shopper: startWith(1).hold() })).toHaveLength(1);
  });
});

describe('the seed of random orders', () => {
  const load = [arrivals('5/s').hold('1m').random(), arrivals('5/s').hold('1m').random({ seed: 99 })];
  const seedsOf = async (overrides: PlanOverrides): Promise<number[]> => {
    const outcome = await outcomeOf(load, overrides);
    if (!('plan' in outcome)) throw new Error('no plan');
    const {
      seed,
      load: { parts },
    } = outcome.plan;
    return [
      seed,
      ...parts.map(({ workload }) =>
        workload.kind === 'arrivals' && workload.order.kind === 'random' ? workload.order.seed : -1,
      ),
    ];
  };

  test('is that of the run, unless the load sets one', async () => {
    expect(await seedsOf({ seed: 7 })).toEqual([7, 7, 99]);
  });

  test('is drawn for each plan', async () => {
    const [one, other] = [await seedsOf({}), await seedsOf({})];
    expect(one[1]).toBe(one[0]);
    expect(one[0]).not.toBe(other[0]);
  });
});

describe('a wait time', () => {
  const warningsOf = async (load: unknown, shopper: Partial<UserSpec<undefined>>): Promise<string[]> => {
    const users = [user('shopper', { tasks, ...shopper })];
    const { spec } = scenario({ users, load: load as ScenarioLoad<'shopper'> });
    const outcome = await planOf({ kind: 'scenario', spec }, 'shop.ts', {});
    if (!('plan' in outcome)) throw new Error('no plan');
    return findWaitWarnings(outcome.plan, spec).map(({ code, where }) => `${code} ${where}`);
  };
  const ignored = ['wait-ignored users[0].wait'];
  const rate = arrivals('5/s').hold('1m');
  const group = inOrder({ a() {}, b() {} });

  test('that a rate ignores is a warning', async () => {
    expect(await warningsOf(rate, { wait: constant('1s') })).toEqual(ignored);
    expect(await warningsOf(rate, { wait: pacing('1s'), tasks: group })).toEqual(ignored);
  });

  test('that passes at times is none', async () => {
    expect(await warningsOf(rate, {})).toEqual([]);
    expect(await warningsOf(rate, { wait: constant('1s'), tasks: group })).toEqual([]);
    expect(await warningsOf(startWith(1).hold('1m'), { wait: constant('1s') })).toEqual([]);
    expect(await warningsOf([rate, startWith(1).hold('1m')], { wait: constant('1s') })).toEqual([]);
  });
});

describe('a search for a limit', () => {
  const search: FindLimitOptions = {
    from: '50/s',
    to: '500/s',
    step: '+20%',
    hold: '1m',
    while: ['p99 < 300ms'],
  };
  const planFor = async (options: FindLimitOptions, overrides: PlanOverrides = {}): Promise<Plan> => {
    const users = [user('visitor', { tasks: { t() {} } })];
    const outcome = await planOf(scenario({ users, load: findLimit(options) }), 'a.ts', overrides);
    return (outcome as { plan: Plan }).plan;
  };

  test('starts at the first rate, and its options are data of the plan', async () => {
    const { load, controller } = await planFor(search);
    expect(load.parts.map(({ workload }) => workload)).toEqual([
      {
        kind: 'arrivals',
        rate: { fromPerSecond: 50, stages: [{ durationMs: null, toPerSecond: 50 }] },
        order: { kind: 'even' },
      },
    ]);
    expect(controller).toMatchObject({
      toPerSecond: 500,
      step: { factor: 1.2 },
      holdMs: 60_000,
      settleMs: 12_000,
      while: [{ expression: 'p99 < 300ms' }],
    });
  });

  test('may be of iterations with a limit of users, in steps of a rate', async () => {
    const plan = await planFor({ ...search, kind: 'iterations', maxUsers: 9, step: '+60/m', warmUp: '5s' });
    expect(plan.load.parts[0]!.workload).toMatchObject({ kind: 'iterations', maxUsers: 9 });
    expect(plan.controller).toMatchObject({ step: { perSecond: 1 }, settleMs: 5_000 });
  });

  test('ends with the load that options replace, and is limited by --run-time', async () => {
    expect((await planFor(search, { users: 3, spawnRate: 1 })).controller).toBeUndefined();
    const { load, controller } = await planFor(search, { runTimeMs: 30_000 });
    expect([loadEndMs(load), controller?.kind]).toEqual([30_000, 'findLimit']);
  });
});
