import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runSteps } from './steps.js';
import {
  groupsOfLanes,
  placingBeside,
  placingInGroups,
  type GroupLane,
  type LaneGroup,
} from './lane-groups.js';
import { placingUsers, type Placement } from './placement.js';
import { userTypeSequence } from './user-types.js';

/** Places users in one go. */
function placeInGroups(...given: Parameters<typeof placingInGroups>): Placement {
  return runSteps(placingInGroups(...given));
}

const NOWHERE: Placement = new Map();
const NAMES = ['default', 'grpc', 'files'];

/** A run: its user types and their lane groups, and the lanes that are added and removed. */
interface Cluster {
  typeOf: Uint16Array;
  groupOf: string[];
  /** The groups of the lanes of each worker. */
  workers: string[][];
  /** Broken lanes, by step and position. */
  broken: number[][];
}

const cluster: fc.Arbitrary<Cluster> = fc
  .record({
    types: fc.array(
      fc.record({
        group: fc.constantFrom(...NAMES),
        weight: fc.integer({ min: 1, max: 20 }),
        fixedCount: fc.option(fc.nat(20), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    count: fc.nat(200),
    lanes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
    broken: fc.array(fc.array(fc.nat(17), { maxLength: 4 }), { minLength: 1, maxLength: 4 }),
  })
  .map(({ types, count, lanes, broken }) => {
    const shares = types.map((type, index) => ({ ...type, name: `${index}` }));
    const typeOf = userTypeSequence(shares, count);
    const groupOf = types.map(({ group }) => group);
    return {
      typeOf,
      groupOf,
      broken,
      workers: lanes.map((wanted) => groupsOfLanes(groupsIn(typeOf, groupOf), wanted)),
    };
  });

function groupsIn(typeOf: Uint16Array, groupOf: readonly string[]): LaneGroup[] {
  return [...new Set(groupOf)].map((name) => ({
    name,
    users: typeOf.filter((type) => groupOf[type] === name).length,
  }));
}

interface Step {
  before: Placement;
  after: Placement;
  lanes: GroupLane[];
}

/** Lanes break and are replaced, some at a time. */
function history({ typeOf, groupOf, workers, broken }: Cluster): Step[] {
  const all = workers.flatMap((groups, worker) =>
    groups.map((group, lane) => ({ id: `${worker}/${lane}`, capacity: 1, group })),
  );
  let before = NOWHERE;
  return broken.map((gone) => {
    const lanes = all.filter((_, index) => !gone.includes(index));
    const step = { before, after: placeInGroups(before, typeOf, groupOf, lanes), lanes };
    before = step.after;
    return step;
  });
}

function everyStep(check: (of: Cluster, step: Step) => void): void {
  fc.assert(
    fc.property(cluster, (of) => {
      for (const step of history(of)) check(of, step);
    }),
  );
}

describe('users placed in lane groups', () => {
  test('are each on exactly one lane, of their own group: at every instant of a ramp the shares add up to the plan', () => {
    everyStep(({ typeOf, groupOf }, { after, lanes }) => {
      const served = new Set(lanes.map(({ group }) => group));
      const wanted = [...typeOf.keys()].filter((user) => served.has(groupOf[typeOf[user]!]!));
      expect([...after.values()].flat().toSorted((a, b) => a - b)).toEqual(wanted);
      expect([...after.keys()]).toEqual(lanes.map(({ id }) => id));
      for (const { id, group } of lanes) {
        const users = after.get(id)!;
        expect(users.filter((user) => groupOf[typeOf[user]!] !== group)).toEqual([]);
        expect(users).toEqual(users.toSorted((a, b) => a - b));
      }
    });
  });

  test('are spread so that lanes of a group differ by at most one user, of each type and in all', () => {
    everyStep(({ typeOf, groupOf }, { after, lanes }) => {
      for (const group of new Set(groupOf)) {
        const own = lanes.filter((lane) => lane.group === group).map(({ id }) => after.get(id)!);
        expect(spanOf(own.map((users) => users.length))).toBeLessThanOrEqual(1);
        groupOf.forEach((_, type) => {
          const counts = own.map((users) => users.filter((user) => typeOf[user] === type).length);
          expect(spanOf(counts)).toBeLessThanOrEqual(1);
        });
      }
    });
  });

  test('move only if their lane is gone or has too many: losing a lane of another group moves no user', () => {
    everyStep(({ typeOf, groupOf }, { before, after, lanes }) => {
      for (const group of new Set(groupOf)) {
        const own = lanes.filter((lane) => lane.group === group);
        const old = [...before.keys()].filter((id) => isOfGroup(before.get(id)!, group, typeOf, groupOf));
        const unchanged = old.length > 0 && old.every((id) => own.some((lane) => lane.id === id));
        if (!unchanged || own.length !== old.length) continue;
        for (const { id } of own) expect(after.get(id)).toEqual(before.get(id));
      }
      for (const { id } of lanes) {
        const kept = after.get(id)!;
        const gave = (before.get(id) ?? []).filter((user) => !kept.includes(user));
        const got = kept.filter((user) => !(before.get(id) ?? kept).includes(user));
        // A lane gives away or gets users of a type, but never both.
        const types = (users: readonly number[]): Set<number> => new Set(users.map((user) => typeOf[user]!));
        expect([...types(gave)].filter((type) => types(got).has(type))).toEqual([]);
      }
    });
  });

  test('do not move when the load grows, where each group has one or two types', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 4 }),
        fc.nat(200),
        fc.nat(200),
        fc.integer({ min: 2, max: 8 }),
        (weights, count, more, wanted) => {
          const shares = weights.map((weight, index) => ({ name: `${index}`, weight }));
          const groupOf = weights.map((_, index) => NAMES[index % 2]!);
          const small = userTypeSequence(shares, count);
          const lanes = groupsOfLanes(groupsIn(small, groupOf), wanted).map((group, lane) => ({
            id: `${lane}`,
            capacity: 1,
            group,
          }));
          const before = placeInGroups(NOWHERE, small, groupOf, lanes);
          const after = placeInGroups(before, userTypeSequence(shares, count + more), groupOf, lanes);
          for (const [id, users] of before) expect(after.get(id)!.slice(0, users.length)).toEqual(users);
        },
      ),
    );
  });

  test('are placed as without groups if there is only one', () => {
    everyStep(({ typeOf, groupOf }, { before, lanes }) => {
      const alone = groupOf.map(() => 'default');
      const same = lanes.map((lane) => ({ ...lane, group: 'default' }));
      expect(placeInGroups(before, typeOf, alone, same)).toEqual(
        runSteps(placingUsers(before, typeOf, lanes)),
      );
    });
  });
});

describe('the groups of a worker’s lanes', () => {
  const groups = fc
    .array(
      fc.record({
        users: fc.nat(1_000),
        lanes: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
      }),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    .map((list): LaneGroup[] => list.map((group, index) => ({ ...group, name: `${index}` })));
  const countsOf = (list: readonly LaneGroup[], wanted: number): number[] => {
    const lanes = groupsOfLanes(list, wanted);
    return list.map(({ name }) => lanes.filter((group) => group === name).length);
  };

  test('are one or the set number for each group, and the wanted number in total if possible', () => {
    fc.assert(
      fc.property(groups, fc.integer({ min: 1, max: 32 }), (list, wanted) => {
        const counts = countsOf(list, wanted);
        const least = list.map(({ lanes = 1 }) => lanes);
        const needed = least.reduce((sum, count) => sum + count, 0);
        const isOpen = list.some(({ lanes }) => lanes === undefined);
        counts.forEach((count, index) => {
          if (list[index]!.lanes !== undefined) expect(count).toBe(list[index]!.lanes);
          else expect(count).toBeGreaterThanOrEqual(1);
        });
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(
          isOpen ? Math.max(wanted, needed) : needed,
        );
      }),
    );
  });

  test('follow the users: moving a lane to another group would not relieve the fullest lanes', () => {
    fc.assert(
      fc.property(groups, fc.integer({ min: 1, max: 32 }), (list, wanted) => {
        const counts = countsOf(list, wanted);
        const open = list.flatMap(({ lanes, users }, index) =>
          lanes === undefined ? [{ users, count: counts[index]! }] : [],
        );
        const fullest = Math.max(0, ...open.map(({ users, count }) => users / count));
        const givers = open.filter(({ count }) => count > 1);
        for (const { users, count } of givers) expect(users / (count - 1)).toBeGreaterThanOrEqual(fullest);
      }),
    );
  });

  test('of a larger worker have no fewer lanes of any group', () => {
    fc.assert(
      fc.property(groups, fc.integer({ min: 1, max: 32 }), (list, wanted) => {
        const larger = countsOf(list, wanted + 1);
        countsOf(list, wanted).forEach((count, index) => expect(larger[index]).toBeGreaterThanOrEqual(count));
      }),
    );
  });
});

function isOfGroup(
  users: readonly number[],
  group: string,
  typeOf: Uint16Array,
  groupOf: readonly string[],
): boolean {
  return users.length > 0 && groupOf[typeOf[users[0]!]!] === group;
}

function spanOf(counts: readonly number[]): number {
  return counts.length === 0 ? 0 : Math.max(...counts) - Math.min(...counts);
}

test('lanes that keep their users neither give nor take any, and the others stay balanced', () => {
  fc.assert(
    fc.property(cluster, fc.nat(5), fc.nat(3), ({ typeOf, groupOf, workers }, kept, joined) => {
      const lanesOf = (groups: readonly string[], worker: number): GroupLane[] =>
        groups.map((group, lane) => ({ id: `w${worker}/${lane}`, group, capacity: 1 }));
      const first = workers.flatMap(lanesOf);
      const before = placeInGroups(NOWHERE, typeOf, groupOf, first);
      const keeping = new Set(
        lanesOf(workers[0]!, 0)
          .slice(0, kept + 1)
          .map(({ id }) => id),
      );
      const joiners = Array.from({ length: joined }, (_, index) => lanesOf(workers[0]!, 10 + index)).flat();
      const lanes = [...first, ...joiners];
      const after = runSteps(placingBeside(keeping, before, typeOf, groupOf, lanes));
      if (keeping.size === lanes.length) return;
      for (const id of keeping) expect(after.get(id)).toBe(before.get(id));
      const others = lanes.filter(({ id }) => !keeping.has(id));
      const served = new Set(others.map(({ group }) => group));
      const isKept = new Set([...keeping].flatMap((id) => before.get(id) ?? []));
      const expected = [...typeOf.keys()].filter(
        (user) => isKept.has(user) || served.has(groupOf[typeOf[user]!]!),
      );
      expect([...after.values()].flat().sort((a, b) => a - b)).toEqual(expected);
      const again = runSteps(placingBeside(keeping, after, typeOf, groupOf, lanes));
      for (const { id } of lanes) expect(again.get(id)).toBe(after.get(id));
    }),
  );
});
