import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { assign, type RunInLine } from './assignment.js';

interface Run extends RunInLine<number> {
  readonly name: number;
}

const oneRun = fc.record({
  wants: fc.oneof(fc.constant('all' as const), fc.nat(6)),
  present: fc.nat(6),
  hasBegun: fc.boolean(),
  refused: fc.array(fc.nat(9)),
});
const runs = fc.array(oneRun, { maxLength: 5 }).map((all) =>
  all.map(({ refused, present, ...run }, name): Run => ({
    ...run,
    name,
    present: run.hasBegun ? present : 0,
    accepts: (worker) => !refused.includes(worker),
  })),
);
const idle = fc.uniqueArray(fc.nat(9));

/** How many workers a run gets, by its place in the line. */
function counts(line: readonly Run[], free: readonly number[]): number[] {
  const assigned = assign(line, free);
  return line.map((run) => assigned.find((one) => one.run === run)?.workers.length ?? 0);
}

function run(wants: Run['wants'], present = 0, hasBegun = present > 0): Run {
  return { name: 0, wants, present, hasBegun, accepts: () => true };
}

test('each idle worker goes to one run at most, which can use it, and no run gets more than it wants', () => {
  fc.assert(
    fc.property(runs, idle, (line, free) => {
      const assigned = assign(line, free);
      const given = assigned.flatMap(({ workers }) => workers);
      expect(given).toHaveLength(new Set(given).size);
      for (const worker of given) expect(free).toContain(worker);
      for (const { run: to, workers } of assigned) {
        for (const worker of workers) expect(to.accepts(worker)).toBe(true);
        if (to.wants !== 'all') expect(to.present + workers.length).toBeLessThanOrEqual(to.wants);
        if (to.wants !== 'all' && !to.hasBegun) expect(workers).toHaveLength(to.wants);
      }
    }),
  );
});

test('a worker stays idle only if no run before the first that has to wait can use it', () => {
  fc.assert(
    fc.property(runs, idle, (line, free) => {
      const assigned = assign(line, free);
      const given = new Set(assigned.flatMap(({ workers }) => workers));
      const left = free.filter((worker) => !given.has(worker));
      for (const one of line) {
        const got = assigned.find(({ run: to }) => to === one)?.workers.length ?? 0;
        const usable = left.filter((worker) => one.accepts(worker)).length;
        const lacks = one.wants === 'all' ? Infinity : Math.max(0, one.wants - one.present - got);
        if (!one.hasBegun && got === 0 && lacks > usable && one.wants !== 'all') break;
        expect(Math.min(lacks, usable)).toBe(0);
      }
    }),
  );
});

test('runs are served in the order in which they came', () => {
  const three = [1, 2, 3];
  expect(counts([run('all'), run('all')], three)).toEqual([3, 0]);
  expect(counts([run(2), run('all')], three)).toEqual([2, 1]);
  expect(counts([run(2), run(1), run(1)], three)).toEqual([2, 1, 0]);
  expect(counts([run(3, 2), run('all')], three)).toEqual([1, 2]);
});

test('a run that wants a number begins with all of them, and no later run gets one before', () => {
  expect(counts([run(3), run(1), run('all')], [1, 2])).toEqual([0, 0, 0]);
  expect(counts([run(3, 1), run(1)], [1])).toEqual([1, 0]);
});
