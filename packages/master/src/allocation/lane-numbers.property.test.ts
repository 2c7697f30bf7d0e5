import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LaneNumbers, type NumberedWorker } from './lane-numbers.js';

const group = fc.constantFrom('default', 'grpc', 'heavy');
const workers = fc.array(fc.array(group, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 });

test('the lanes of each group are numbered from 0 without gaps over all workers, and keep their numbers', () => {
  fc.assert(
    fc.property(workers, fc.nat(6), (groups, late) => {
      const all = groups.map((laneGroups): NumberedWorker => ({ laneGroups }));
      const numbers = new LaneNumbers<NumberedWorker>();
      const early = all.slice(0, late);
      for (const worker of early) numbers.add(worker);
      const before = early.map((worker) => numbers.of(worker).map(({ index }) => index));
      for (const worker of [...all, ...all]) numbers.add(worker);
      expect(early.map((worker) => numbers.of(worker).map(({ index }) => index))).toEqual(before);
      const seen = new Map<string, { index: number; count: number }[]>();
      for (const worker of all)
        numbers.of(worker).forEach((number, lane) => {
          const name = worker.laneGroups[lane]!;
          seen.set(name, [...(seen.get(name) ?? []), number]);
        });
      for (const list of seen.values()) {
        expect(list.map(({ index }) => index).sort((a, b) => a - b)).toEqual(list.map((_, index) => index));
        expect(list.every(({ count }) => count === list.length)).toBe(true);
      }
    }),
  );
});

test('a worker that was never added has no numbers', () => {
  expect(new LaneNumbers<NumberedWorker>().of({ laneGroups: ['default'] })).toEqual([]);
});
