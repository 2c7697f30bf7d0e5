import { expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { delayOfShare } from './loop-delay.js';

const delays = fc.array(fc.double({ min: 0, max: 400, noNaN: true }), { maxLength: 100 });

test('one delay affects a share of a second only if it lasts longer than that', () => {
  expect(delayOfShare(0.01, [6], 1_000)).toBe(0);
  expect(delayOfShare(0.01, [25], 1_000)).toBe(15);
  expect(delayOfShare(0.01, [], 1_000)).toBe(0);
});

test('many delays affect it nearly as long as they are', () => {
  expect(delayOfShare(0.01, Array<number>(50).fill(9), 1_000)).toBeCloseTo(8.8);
});

it('the parts of all delays beyond it last as long as the share', () => {
  fc.assert(
    fc.property(delays, fc.double({ min: 0.001, max: 0.5, noNaN: true }), (all, share) => {
      const found = delayOfShare(share, all, 1_000);
      const beyond = all.reduce((sum, delay) => sum + Math.max(0, delay - found), 0);
      expect(found).toBeLessThanOrEqual(Math.max(0, ...all));
      if (found === 0) expect(beyond).toBeLessThanOrEqual(share * 1_000 + 1e-6);
      else expect(beyond).toBeCloseTo(share * 1_000);
    }),
  );
});
