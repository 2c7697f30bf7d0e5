import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fixedCountMismatch, ordinalsOf, userTypeSequence, type UserTypeShare } from './user-types.js';

const weighted = fc.record({ name: fc.string(), weight: fc.nat(50) });
const fractional = fc.record({ name: fc.string(), weight: fc.double({ min: 0.01, max: 10, noNaN: true }) });
const fixed = fc.record({ name: fc.string(), weight: fc.nat(5), fixedCount: fc.nat(20) });
const types: fc.Arbitrary<UserTypeShare[]> = fc.array(fc.oneof(weighted, fixed), { maxLength: 8 });

describe('the sequence of user types', () => {
  test('only grows: a larger load never changes what a user is', () => {
    fc.assert(
      fc.property(types, fc.nat(400), fc.nat(400), (shares, count, more) => {
        const short = userTypeSequence(shares, count);
        const long = userTypeSequence(shares, count + more);
        expect(long.slice(0, short.length)).toEqual(short);
      }),
    );
  });

  test('has the requested length, or ends after the fixed counts if no type has a weight', () => {
    fc.assert(
      fc.property(types, fc.nat(400), (shares, count) => {
        const fixedUsers = shares.reduce((sum, { fixedCount }) => sum + (fixedCount ?? 0), 0);
        const endless = shares.some(({ weight, fixedCount }) => fixedCount === undefined && weight > 0);
        expect(userTypeSequence(shares, count)).toHaveLength(endless ? count : Math.min(count, fixedUsers));
      }),
    );
  });

  test('starts with the exact fixed counts, in the order of the types', () => {
    fc.assert(
      fc.property(types, (shares) => {
        const expected = shares.flatMap(({ fixedCount }, type) =>
          Array.from({ length: fixedCount ?? 0 }, () => type),
        );
        const sequence = [...userTypeSequence(shares, expected.length + 100)];
        expect(sequence.slice(0, expected.length)).toEqual(expected);
        const isFixed = (type: number): boolean => shares[type]!.fixedCount !== undefined;
        expect(sequence.slice(expected.length).filter(isFixed)).toEqual([]);
      }),
    );
  });

  test('never contains a type of weight 0', () => {
    fc.assert(
      fc.property(types, (shares) => {
        const present = [...new Set(userTypeSequence(shares, 300))];
        const weights = present.map((type) => shares[type]!.fixedCount ?? shares[type]!.weight);
        expect(weights.filter((weight) => weight === 0)).toEqual([]);
      }),
    );
  });

  test('with equal weights is plain round-robin', () => {
    const shares = ['a', 'b', 'c'].map((name) => ({ name, weight: 7 }));
    expect([...userTypeSequence(shares, 7)]).toEqual([0, 1, 2, 0, 1, 2, 0]);
  });

  /**
   * Smooth round-robin always serves the type that is furthest behind. With `k` types, none is more
   * than `1 - 1/k` users ahead of its weight. Two types are off by at most half a user. With more
   * types, others can fall behind by more than one user: at most 1.27 in 60,000 random sets.
   */
  test('is within 1.5 users of the weights at every length, and never a whole user ahead', () => {
    const sets = fc.array(fc.oneof(weighted, fractional), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(sets, (all) => {
        const shares = all.filter(({ weight }) => weight > 0);
        fc.pre(shares.length > 0);
        const total = shares.reduce((sum, { weight }) => sum + weight, 0);
        const counts = shares.map(() => 0);
        let [most, least] = [0, 0];
        userTypeSequence(shares, 300).forEach((type, user) => {
          counts[type]! += 1;
          const ahead = shares.map(({ weight }, index) => counts[index]! - ((user + 1) * weight) / total);
          most = Math.max(most, ...ahead);
          least = Math.min(least, ...ahead);
        });
        expect(most).toBeLessThanOrEqual(1 - 1 / shares.length + 1e-6);
        expect(least).toBeGreaterThan(shares.length === 2 ? -0.5 - 1e-6 : -1.5);
      }),
    );
  });

  test('matches the weights exactly after as many users as their sum', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 }), (weights) => {
        const shares = weights.map((weight, index) => ({ name: `${index}`, weight }));
        const counts = weights.map(() => 0);
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        for (const type of userTypeSequence(shares, total)) counts[type]! += 1;
        expect(counts).toEqual(weights);
      }),
    );
  });
});

test('users of a type are numbered in order', () => {
  expect([...ordinalsOf(Uint16Array.of(0, 1, 0, 0, 2, 1))]).toEqual([0, 0, 1, 2, 0, 1]);
});

test('fixed counts that do not match the number of users are reported', () => {
  fc.assert(
    fc.property(types, fc.nat(200), (shares, users) => {
      const run = userTypeSequence(shares, users);
      const fixed = shares.reduce((sum, { fixedCount = 0 }) => sum + fixedCount, 0);
      const goTogether = run.length === users && users >= fixed;
      expect(fixedCountMismatch(shares, users) === undefined).toBe(goTogether);
    }),
  );
  const admin = { name: 'admin', weight: 1, fixedCount: 8 };
  expect(fixedCountMismatch([admin], 5)).toContain(
    '8 users, but the load has at most 5: 3 of them never start',
  );
  expect(fixedCountMismatch([admin], 10)).toContain(
    'all user types have fixed counts, 8 in total: 2 users never start',
  );
});
