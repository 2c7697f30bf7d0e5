import { expect, test } from '@jest/globals';
import { placingInGroups, runSteps, userTypeSequence } from '@drumline/model';
import fc from 'fast-check';
import { openLanes } from './lane-ids.js';
import type { Participant } from './participant.js';

/** Workers with these numbers of lanes; some of them are broken. */
const workers = fc
  .array(fc.record({ lanes: fc.integer({ min: 1, max: 6 }), broken: fc.nat(3) }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((all) =>
    all.map(
      ({ lanes, broken }, index) =>
        ({
          id: `w${index}`,
          laneGroups: Array.from({ length: lanes }, () => 'default'),
          brokenLanes: new Set(lanes > 1 && broken < lanes ? [broken] : []),
        }) as unknown as Participant,
    ),
  );

/** The numbers of users of each worker when the first `count` users are placed. */
function usersOf(all: readonly Participant[], count: number): number[] {
  const types = userTypeSequence([{ name: 'shopper', weight: 1 }], count);
  const placement = runSteps(placingInGroups(new Map(), types, ['default'], openLanes(all)));
  const counts = new Map(all.map(({ id }) => [id, 0]));
  for (const [lane, users] of placement) {
    const [worker = ''] = lane.split('/');
    counts.set(worker, counts.get(worker)! + users.length);
  }
  return [...counts.values()];
}

test('the open lanes are all lanes that are not broken, once each', () => {
  fc.assert(
    fc.property(workers, (all) => {
      const expected = all.flatMap(({ id, laneGroups, brokenLanes }) =>
        laneGroups.flatMap((_, lane) => (brokenLanes.has(lane) ? [] : [`${id}/${lane}`])),
      );
      expect(
        openLanes(all)
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(expected.toSorted());
    }),
  );
});

test('fewer users than workers run on as many workers', () => {
  fc.assert(
    fc.property(workers, fc.nat(8), (all, count) => {
      const whole = all.filter(({ brokenLanes }) => !brokenLanes.has(0));
      const few = Math.min(count, whole.length);
      const used = usersOf(all, few).filter((users) => users > 0);
      expect(used).toHaveLength(few);
    }),
  );
});

test('with equal lanes, workers differ by at most one user at every number of users of a ramp', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(60),
      (count, lanes, users) => {
        const all = Array.from({ length: count }, (_, index) => ({
          id: `w${index}`,
          laneGroups: Array.from({ length: lanes }, () => 'default'),
          brokenLanes: new Set<number>(),
        })) as unknown as Participant[];
        const counts = usersOf(all, users);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      },
    ),
  );
});
