import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GRADES } from './diagnosis.js';
import { judgeMachine } from './judge-machine.js';
import { withoutLoad } from './needs.js';

const count = fc.integer({ min: 0, max: 2_000_000 });
const limits = fc.record(
  {
    openFiles: count,
    localPorts: fc.integer({ min: 1, max: 65_535 }),
    timeWaitReuse: fc.constantFrom(0, 1, 2),
    timeWait: count,
    backlog: count,
    receiveBufferBytes: count,
    sendBufferBytes: count,
    tcpBytes: count,
    cpus: fc.integer({ min: 1, max: 256 }),
    cpuQuota: fc.oneof(fc.constant(Infinity), fc.double({ min: 0.01, max: 300, noNaN: true })),
    throttledShare: fc.double({ min: 0, max: 1, noNaN: true }),
    stealShare: fc.double({ min: 0, max: 1, noNaN: true }),
    memoryBytes: fc.integer({ min: 1, max: 2 ** 40 }),
  },
  { requiredKeys: [] },
);
const amounts = fc
  .tuple(count, count, count, count, count)
  .map(([users, kept, more, opened, starts]) => ({ users, kept, connections: kept + more, opened, starts }));
const needs = fc.record({
  all: amounts,
  fullestLane: amounts,
  lanes: fc.integer({ min: 1, max: 64 }),
  target: fc.constantFrom('loopback' as const, 'one-address' as const, 'any' as const),
});

const rank = (grade: (typeof GRADES)[number]): number => GRADES.indexOf(grade);

test('every limit that is felt has a reason and a remedy, and no text is broken', () => {
  fc.assert(
    fc.property(limits, needs, (machine, { all, ...rest }) => {
      for (const one of judgeMachine(machine, 'both', { ...withoutLoad(1), ...all, ...rest })) {
        const isFelt = one.grade === 'tight' || one.grade === 'breaks';
        expect(one.problem !== undefined).toBe(isFelt);
        expect(one.remedy !== undefined).toBe(isFelt);
        expect(JSON.stringify(one)).not.toMatch(/NaN|undefined|Infinity/);
      }
    }),
  );
});

test('a larger load is never judged better', () => {
  fc.assert(
    fc.property(
      limits,
      needs,
      fc.integer({ min: 1, max: 10 }),
      (machine, { all, fullestLane, ...rest }, times) => {
        const grades = (factor: number): number[] => {
          const more = (one: typeof all) => ({
            users: one.users * factor,
            kept: one.kept * factor,
            connections: one.connections * factor,
            opened: one.opened * factor,
            starts: one.starts * factor,
          });
          const load = { ...withoutLoad(1), ...more(all), fullestLane: more(fullestLane), ...rest };
          return judgeMachine(machine, 'worker', load).map(({ grade }) => rank(grade));
        };
        const once = grades(1);
        grades(times).forEach((grade, index) => expect(grade).toBeGreaterThanOrEqual(once[index]!));
      },
    ),
  );
});
