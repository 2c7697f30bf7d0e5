import { describe, expect, test } from '@jest/globals';
import type { Expectation } from './options.js';
import { requireExpectation } from './verdict.js';

describe('values of `expect`', () => {
  test.each([[201], [[200, 404]], [() => true]])('%p is accepted', (given) => {
    expect(requireExpectation(given)).toBe(given);
  });

  // JavaScript callers can pass these. Using one to judge a response would crash the lane.
  test.each([['200'], ['2xx'], [null], [{ status: 200 }], [['200']], [true], [Number.NaN]])(
    '%p is rejected',
    (given) => {
      expect(() => requireExpectation(given as unknown as Expectation)).toThrow('expect must be a status');
    },
  );
});
