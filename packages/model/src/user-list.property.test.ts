import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runSteps } from './steps.js';
import { MAX_USERS } from './limits.js';
import { placingUsers } from './placement.js';
import { decodeUsers, encodeUsers, isUserList } from './user-list.js';

const list = fc
  .uniqueArray(fc.oneof(fc.nat(300), fc.nat(MAX_USERS - 1)), { maxLength: 200 })
  .map((users) => users.toSorted((a, b) => a - b));

test('decoding reverses encoding', () => {
  fc.assert(fc.property(list, (users) => expect(decodeUsers(encodeUsers(users))).toEqual(users)));
});

test('arbitrary bytes decode to ascending users or are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      if (!isUserList(bytes)) return expect(() => decodeUsers(bytes)).toThrow(RangeError);
      let before = -1;
      for (const user of decodeUsers(bytes)) {
        if (user <= before || user >= MAX_USERS) throw new Error(`${user} after ${before}`);
        before = user;
      }
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['that stops within a number', [0x81]],
  ['that stops within a pair', [1]],
  ['with a user twice', [1, 1, 0, 1]],
  ['of a hundred million users', [1, 0x80, 0xc2, 0xd7, 0x2f]],
  ['of numbers without end', Array.from({ length: 50 }, () => 0xff)],
])('a list %s is refused', (_, bytes) => {
  expect(isUserList(Uint8Array.from(bytes))).toBe(false);
});

test('a million users take four bytes on one lane, and at most three per user on a thousand', () => {
  const typeOf = new Uint16Array(1_000_000);
  const lanes = Array.from({ length: 1_000 }, (_, index) => ({ id: `${index}`, capacity: 1 }));
  const bytesOn = (of: typeof lanes): number =>
    [...runSteps(placingUsers(new Map(), typeOf, of)).values()].reduce(
      (sum, users) => sum + encodeUsers(users).length,
      0,
    );
  expect(bytesOn(lanes.slice(0, 1))).toBe(4);
  expect(bytesOn(lanes)).toBeLessThan(3_000_000);
});
