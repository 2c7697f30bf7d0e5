import { describe, expect, test } from '@jest/globals';
import { findLoadProblems, findRateProblem, findUsersProblem, MAX_USERS } from './limits.js';
import { rampAndHold } from './load.js';

const WRONG = [Number.NaN, Infinity, -Infinity, -1, 1.5, 1e308, 2 ** 53, Number('x')];

describe('a number of users', () => {
  test.each([0, 1, 20_000, MAX_USERS])('%s is valid', (users) => {
    expect(findUsersProblem(users)).toBeUndefined();
  });

  test.each(WRONG)('%s is invalid', (users) => {
    expect(findUsersProblem(users)).toEqual({
      message: `${users} is not a number of users`,
      hint: 'Use a whole number from 0 to 10,000,000.',
    });
  });

  test.each([20_000_000, 1_000_000_000])('%s are too many for any cluster, with the reason', (users) => {
    expect(findUsersProblem(users)).toMatchObject({
      message: expect.stringMatching(/ users exceed the limit of 10,000,000 users per run$/),
      hint: expect.stringContaining('3 KB of memory, and 8 KB with a connection'),
    });
  });

  test('is limited by the number of lanes', () => {
    expect(findUsersProblem(400_000, 0, 2)).toBeUndefined();
    expect(findUsersProblem(400_001, 0, 2)).toEqual({
      message: '400,001 users exceed the 400,000 that 2 lanes can hold, 200,000 each',
      hint: expect.stringContaining('Add workers or lanes'),
    });
  });
});

describe('a spawn rate', () => {
  test.each([0.01, 1, 1_000, MAX_USERS])('of %s is valid', (rate) => {
    expect(findRateProblem(rate, 100)).toBeUndefined();
  });

  test.each([0, -1, Number.NaN, Infinity, 1e308])('of %s is invalid', (rate) => {
    expect(findRateProblem(rate)!.message).toBe(`${rate} is not a spawn rate`);
  });

  test('that would need longer than the longest run is invalid', () => {
    expect(findRateProblem(1e-300, 100)!.message).toContain(
      'would need longer to start than the maximum run time of 720h',
    );
  });
});

describe('a load', () => {
  test.each(WRONG)('with a stage to %s users is refused, with its place', (users) => {
    expect(findLoadProblems(rampAndHold(users, 1)).map(({ where }) => where)).toContain('load stage 2');
  });

  test.each([-1, Number.NaN, Infinity, 1e308])('with a stage of %s ms is refused', (durationMs) => {
    const load = { fromUsers: 0, stages: [{ durationMs, toUsers: 1 }] };
    expect(findLoadProblems(load)).toHaveLength(1);
  });

  test('with too many stages, or too long in total, is refused', () => {
    const stages = (count: number, durationMs: number) => ({
      fromUsers: 0,
      stages: Array.from({ length: count }, () => ({ durationMs, toUsers: 1 })),
    });
    expect(findLoadProblems(stages(10_001, 1))[0]!.message).toBe('10,001 stages exceed the limit of 10,000');
    expect(findLoadProblems(stages(100, 1e9))[0]!.message).toContain('in all');
    expect(findLoadProblems(stages(100, 1_000))).toEqual([]);
  });
});
