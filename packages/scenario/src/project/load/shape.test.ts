import { expect, test } from '@jest/globals';
import { inTurn } from '../../authoring/load/load.js';
import { shape } from '../../authoring/load/shape.js';
import { startWith } from '../../authoring/load/users.js';
import { outcomeOf, problemsOf } from '../../../../../test/support/plan-outcome.js';
import { shapeAnswerOf } from '../shape-answer.js';
import { findShapeWarnings } from './shape.js';

const load = shape(() => 5, { spawnRate: 20 });

test('a plan with a shape begins without users, in a part for each user type', async () => {
  expect(await outcomeOf(load)).toMatchObject({
    plan: {
      controller: { kind: 'shape', spawnRate: 20 },
      load: {
        parts: [0, 1].map((type) => ({
          types: [type],
          workload: {
            kind: 'users',
            profile: { fromUsers: 0, stages: [{ toUsers: 0 }, { durationMs: null }] },
          },
        })),
      },
    },
  });
});

test('--run-time ends a shape', async () => {
  expect(await outcomeOf(load, { runTimeMs: 5_000 })).toMatchObject({
    plan: {
      controller: { kind: 'shape' },
      load: { parts: [{ workload: { profile: { stages: [{}, { durationMs: 5_000 }] } } }, {}] },
    },
  });
});

test.each([{ users: 3 }, { ratePerSecond: 5 }, { iterations: 3, users: 2 }])(
  '%j replaces a shape',
  async (overrides) => {
    const outcome = await outcomeOf(load, overrides);
    if (!('plan' in outcome)) throw new Error('no plan');
    expect(outcome.plan.controller).toBeUndefined();
    expect(findShapeWarnings(outcome.plan, load)).toMatchObject([{ code: 'shape-overridden' }]);
  },
);

test('a fixed count may be used with a shape', async () => {
  expect(await problemsOf(load, {}, { admin: { fixedCount: 1 } })).toEqual([]);
});

test('mistakes are found', async () => {
  expect(await problemsOf(shape(undefined as never, { spawnRate: -1 }))).toEqual([
    expect.stringContaining('load: is shape(…) without a function'),
    expect.stringContaining('load.spawnRate: -1 is not a spawn rate'),
  ]);
  expect(() => shape(() => 1, { rate: 5 } as never)).toThrow("there is no option 'rate'");
  expect(await problemsOf(inTurn({ a: startWith(1).hold('1m'), b: load as never }))).toEqual([
    expect.stringContaining('load.b: is shape(…), which decides about all users'),
  ]);
});

test.each([
  [undefined, 'it returned undefined'],
  ['50', 'it returned "50"'],
  [[1], 'it returned a list'],
  [() => 1, 'it returned a function'],
  [{ shopper: '5' }, `it returned "5" for 'shopper'`],
])('the answer %p is refused', (answer, message) => {
  expect(() => shapeAnswerOf(answer)).toThrow(message);
});

test('numbers, users by type and null are answers', () => {
  expect([5, { shopper: 5, admin: undefined }, null].map(shapeAnswerOf)).toEqual([5, { shopper: 5 }, null]);
});
