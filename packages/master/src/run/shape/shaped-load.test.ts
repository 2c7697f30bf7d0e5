import { describe, expect, test } from '@jest/globals';
import { plannedUsersOf, rampAndHold, userTypeSequence, type Load } from '@drumline/model';
import fc from 'fast-check';
import type { ShapeAnswer } from '@drumline/scenario';
import { shapedLoad, type ShapeOrder } from './shaped-load.js';

const userTypes = [
  { name: 'admin', weight: 1, fixedCount: 1 },
  { name: 'shopper', weight: 3 },
  { name: 'visitor', weight: 1 },
];
const empty: Load = {
  parts: userTypes.map((_, type) => ({
    phase: '',
    types: [type],
    startMs: 0,
    workload: { kind: 'users', profile: rampAndHold(0) },
  })),
};

function loadAfter(answers: readonly ShapeAnswer[], more: Partial<ShapeOrder> = {}): Load {
  return answers.reduce<Load>((load, answer, second) => {
    const next = shapedLoad(answer!, { load, userTypes, runMs: second * 1_000, ...more });
    if ('problem' in next) throw new Error(next.problem);
    return next;
  }, empty);
}

const usersAt = (load: Load, runMs: number): number[] =>
  load.parts.map((part) => plannedUsersOf(part, runMs));

function problemOf(answer: ShapeAnswer, lanes?: number): string {
  const next = shapedLoad(answer!, { load: empty, userTypes, runMs: 0, lanes });
  return 'problem' in next ? next.problem : 'none';
}

describe('the answer of a shape', () => {
  test('as a number is shared by fixed counts and weights', () => {
    expect(usersAt(loadAfter([9]), 500)).toEqual([1, 6, 2]);
    expect(usersAt(loadAfter([9, 0]), 1_500)).toEqual([0, 0, 0]);
  });

  test('as a record changes the user types that it names', () => {
    const load = loadAfter([
      { shopper: 5, admin: 1 },
      { shopper: 2, visitor: 4 },
    ]);
    expect(usersAt(load, 500)).toEqual([1, 5, 0]);
    expect(usersAt(load, 1_500)).toEqual([1, 2, 4]);
  });

  test('that is the same changes nothing', () => {
    const load = loadAfter([9]);
    expect(shapedLoad(9, { load, userTypes, runMs: 1_000 })).toBe(load);
  });

  test('with a fraction is rounded', () => {
    expect(usersAt(loadAfter([8.6]), 500)).toEqual([1, 6, 2]);
  });

  test('with a spawn rate is reached in a straight line, by all types together', () => {
    const load = loadAfter([{ shopper: 30, visitor: 10 }], { spawnRate: 20 });
    expect(usersAt(load, 1_000)).toEqual([0, 15, 5]);
    expect(usersAt(load, 2_000)).toEqual([0, 30, 10]);
  });

  test('whatever a shape answers, exactly those users are planned', () => {
    const number = fc.nat(500);
    const byType = fc.record({ shopper: number, visitor: number }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.array(fc.oneof(number, byType), { minLength: 1, maxLength: 40 }), (answers) => {
        let expected = [0, 0, 0];
        for (const answer of answers) {
          if (typeof answer === 'number') {
            const types = [...userTypeSequence(userTypes, answer)];
            expected = userTypes.map((_, type) => types.filter((one) => one === type).length);
          } else {
            const [admin = 0, shopper = 0, visitor = 0] = expected;
            expected = [admin, answer.shopper ?? shopper, answer.visitor ?? visitor];
          }
        }
        const load = loadAfter(answers);
        expect(usersAt(load, answers.length * 1_000 - 500)).toEqual(expected);
      }),
    );
  });

  test.each<[ShapeAnswer, string]>([
    [-1, '-1 is not a number of users'],
    [NaN, 'NaN is not a number of users'],
    [Infinity, 'Infinity is not a number of users'],
    [{ shopper: -2 }, "-2 is not a number of users of 'shopper'"],
    [{ shoper: 2 }, "there is no user type 'shoper', did you mean 'shopper'?"],
    [{ admin: 2 }, "'admin' has a fixedCount of 1, so 2 of them cannot run"],
    [20_000_000, '20,000,000 users exceed the limit of 10,000,000 users per run'],
  ])('%j is refused', (answer, problem) => {
    expect(problemOf(answer)).toBe(problem);
  });

  test('beyond what the lanes can hold is refused', () => {
    expect(problemOf(300_000, 1)).toContain('can hold');
    expect(problemOf(300_000, 2)).toBe('none');
  });
});
