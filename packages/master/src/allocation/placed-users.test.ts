import { expect, test } from '@jest/globals';
import { PlacedUsers } from './placed-users.js';

test('users that a worker had at its last report or later count, and earlier ones do not', () => {
  const placed = new PlacedUsers();
  expect(placed.mostSince(0)).toBe(0);
  placed.add(0, 9, 0);
  placed.add(1_000, 4, 0);
  placed.add(3_000, 0, 500);
  expect([0, 999, 1_000, 2_999, 3_000].map((ms) => placed.mostSince(ms))).toEqual([9, 9, 4, 4, 0]);
  placed.add(4_000, 2, 2_000);
  expect(placed.mostSince(0)).toBe(4);
});

test('another master knows the users that were placed', () => {
  const placed = new PlacedUsers();
  expect(placed.add(0, 9, 0)).toBe(true);
  expect(placed.add(1_000, 9, 0)).toBe(false);
  expect(placed.add(2_000, 0, 0)).toBe(true);
  expect(new PlacedUsers(placed.stored).mostSince(1_000)).toBe(9);
  expect(new PlacedUsers(placed.stored).mostSince(2_000)).toBe(0);
});

test('a load that asked for more between two changes raises the number since the first', () => {
  const placed = new PlacedUsers();
  expect(placed.raise(5)).toBe(false);
  placed.add(1_000, 2, 0);
  expect(placed.raise(5)).toBe(true);
  expect(placed.raise(3)).toBe(false);
  placed.add(2_000, 0, 0);
  expect([1_500, 2_000].map((ms) => placed.mostSince(ms))).toEqual([5, 0]);
});

test('many changes without a report are combined upward', () => {
  const placed = new PlacedUsers();
  for (let n = 0; n < 200; n += 1) placed.add(n * 10, n === 3 ? 50 : n % 7, 0);
  expect(placed.mostSince(0)).toBe(50);
  expect(placed.mostSince(1_990)).toBe(199 % 7);
});
