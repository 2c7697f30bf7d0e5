import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { closedIterationNumber, rowOf } from './index.js';

test('each pass of a sequential or shuffled order gives each row once', () => {
  const order = fc.constantFrom('sequential' as const, 'shuffled' as const);
  fc.assert(
    fc.property(order, fc.integer({ min: 1, max: 300 }), fc.nat(5), fc.nat(), (kind, rows, pass, seed) => {
      const taken = Array.from({ length: rows }, (_, n) => rowOf(kind, pass * rows + n, rows, seed));
      expect(new Set(taken).size).toBe(rows);
      expect(Math.max(...taken)).toBe(rows - 1);
    }),
  );
});

test('a shuffled order depends on its seed, and differs from pass to pass', () => {
  const pass = (number: number, seed: number): string =>
    Array.from({ length: 100 }, (_, n) => rowOf('shuffled', number * 100 + n, 100, seed)).join();
  expect(pass(0, 1)).toBe(pass(0, 1));
  expect(new Set([pass(0, 1), pass(1, 1), pass(0, 2)]).size).toBe(3);
});

test('a random order draws all rows about equally often', () => {
  const counts = Array.from({ length: 10 }, () => 0);
  for (let n = 0; n < 10_000; n += 1) counts[rowOf('random', n, 10, 7)]! += 1;
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});

test('iteration numbers of a closed loop are unique, and dense while nobody moves', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.nat(8),
      fc.nat(20),
      fc.nat(5),
      (users, more, counts, moves) => {
        const numbers = new Set<number>();
        let made = 0;
        for (let user = 0; user < users + more; user += 1) {
          for (let move = 0; move <= moves; move += 1) {
            for (let count = 0; count <= counts; count += 1) {
              numbers.add(closedIterationNumber(user, count, users, move));
              made += 1;
            }
          }
        }
        expect(numbers.size).toBe(made);
        const dense = users * (counts + 1);
        expect([...numbers].filter((number) => number < dense).length).toBe(dense);
      },
    ),
  );
});
