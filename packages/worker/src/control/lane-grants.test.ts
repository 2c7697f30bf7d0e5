import { describe, expect, test } from '@jest/globals';
import { decodeUsers, encodeUsers, type Workload } from '@drumline/model';
import type { Assignment } from '@drumline/wire';
import { LaneGrants, type CrashedLane, type Release } from './lane-grants.js';

type Share = Assignment['lanes'][number]['shares'][number];

const OPEN: Workload = {
  kind: 'iterations',
  rate: { fromPerSecond: 10, stages: [{ durationMs: null, toPerSecond: 10 }] },
  order: { kind: 'even' },
};
const FIXED: Workload = { kind: 'fixed', total: 100, users: 10, each: false, limitMs: null };

function assignment(shares: Share[], workload = OPEN, rest: Partial<Assignment> = {}): Assignment {
  const part = { phase: '', types: [0], startMs: 0, workload };
  return {
    type: 'assignment',
    runId: 'r1',
    epoch: 1,
    load: { parts: [part] },
    pausedAtMs: null,
    pausedMs: 0,
    lanes: [{ lane: 0, shares }],
    ...rest,
  };
}

const share = (grant: number, items: number[], rest: Partial<Share> = {}): Share => ({
  part: 0,
  items: encodeUsers(items),
  grant,
  from: 0,
  ...rest,
});

const crash = (rest: Partial<CrashedLane> = {}): CrashedLane => ({
  lane: 0,
  sinceStartMs: 5_000,
  positions: [{ part: 0, position: 4_800, active: 3 }],
  isExact: false,
  stalledMs: 0,
  ...rest,
});

const shown = (releases: readonly Release[]): unknown[] =>
  releases.map(({ grant, items, position }) => [grant, decodeUsers(items), position]);

describe('a lane that crashes', () => {
  test('has released its slots at the time of the crash, and gets none of its grants again', () => {
    const grants = new LaneGrants();
    grants.assign(assignment([share(1, [0, 1, 2]), share(2, [3], { from: 6_000 })]));
    expect(grants.sharesFor(0).map(({ grant, items }) => [grant, items])).toEqual([
      [1, [0, 1, 2]],
      [2, [3]],
    ]);
    expect(shown(grants.crashed(crash()))).toEqual([
      [1, [0, 1, 2], 5_000],
      [2, [3], 6_000],
    ]);
    grants.assign(assignment([share(1, [0, 1, 2]), share(3, [4], { from: 5_100 })]));
    expect(grants.sharesFor(0).map(({ grant }) => grant)).toEqual([3]);
    expect(shown(grants.releases)).toEqual([[1, [0, 1, 2], 5_000]]);
  });

  test('keeps the answers that it gave before', () => {
    const grants = new LaneGrants();
    grants.assign(assignment([share(1, [0]), share(1, [1, 2], { untilMs: 5_500 })]));
    grants.sharesFor(0);
    grants.answered(0, [{ part: 0, grant: 1, items: [1, 2], position: 5_500 }]);
    expect(shown(grants.crashed(crash()))).toEqual([[1, [0], 5_000]]);
    expect(shown(grants.releases)).toEqual([
      [1, [1, 2], 5_500],
      [1, [0], 5_000],
    ]);
  });

  test('has stopped where it said if it ended on purpose, and earlier if it was blocked', () => {
    for (const [rest, position] of [
      [{ isExact: true }, 4_800],
      [{ stalledMs: 400 }, 4_850],
      [{ stalledMs: 3_000 }, 4_800],
      [{ sinceStartMs: undefined, positions: [] }, 0],
    ] as const) {
      const grants = new LaneGrants();
      grants.assign(assignment([share(1, [0])]));
      grants.sharesFor(0);
      expect(shown(grants.crashed(crash(rest)))).toEqual([[1, [0], position]]);
    }
  });

  test('states how far it was with starts that have due times', () => {
    const grants = new LaneGrants();
    expect(grants.reachedMs(crash())).toBeUndefined();
    grants.assign(assignment([share(1, [0])]));
    expect(grants.reachedMs(crash())).toBe(4_800);
    grants.assign(assignment([share(1, [0], { from: 700 })]));
    grants.sharesFor(0);
    // It may have begun what was due before its orders came.
    expect(grants.reachedMs(crash({ positions: [] }))).toBe(700);
    grants.assign(assignment([share(1, [0])], FIXED));
    expect(grants.reachedMs(crash())).toBeUndefined();
  });

  test('during a pause has released its slots at the time of the pause', () => {
    const grants = new LaneGrants();
    grants.assign(assignment([share(1, [0])], OPEN, { pausedAtMs: 4_900, pausedMs: 0 }));
    grants.sharesFor(0);
    expect(shown(grants.crashed(crash({ sinceStartMs: 60_000 })))).toEqual([[1, [0], 4_900]]);
  });

  test('leaves a fixed number of iterations where it said that it was', () => {
    const grants = new LaneGrants();
    grants.assign(assignment([share(1, [0, 5])], FIXED));
    grants.sharesFor(0);
    const positions = [{ part: 0, position: 37, active: 2 }];
    expect(shown(grants.crashed(crash({ positions })))).toEqual([[1, [0, 5], 37]]);
  });

  test('before it had loaded anything has released nothing', () => {
    const grants = new LaneGrants();
    grants.assign(assignment([share(1, [0])]));
    expect(grants.crashed(crash())).toEqual([]);
    expect(grants.sharesFor(0).map(({ grant }) => grant)).toEqual([1]);
  });
});

describe('a lane without a process', () => {
  test('releases at once what it is told to, and never gets it', () => {
    const grants = new LaneGrants();
    const given = [share(2, [3], { from: 1_300 }), share(2, [4, 5], { from: 1_300, untilMs: 2_700 })];
    grants.assign(assignment(given));
    expect(grants.unserved(0, false)).toMatchObject([{ lane: 0, crashed: true }]);
    expect(shown(grants.releases)).toEqual([[2, [4, 5], 1_300]]);
    expect(grants.unserved(0, false)).toEqual([]);
    // Once it is ready, it gets the rest.
    expect(grants.sharesFor(0).map(({ items }) => items)).toEqual([[3]]);
  });

  test('releases everything when no process comes any more, or its worker leaves', () => {
    for (const isOver of [true, false]) {
      const grants = new LaneGrants();
      grants.isLeaving = !isOver;
      grants.assign(assignment([share(1, [0, 1]), { part: 0, items: encodeUsers([7]) }]));
      expect(shown(grants.unserved(0, isOver))).toEqual([[1, [0, 1], 0]]);
    }
  });

  test('does not answer again for what it had when it crashed', () => {
    const grants = new LaneGrants();
    grants.assign(assignment([share(1, [0])]));
    grants.sharesFor(0);
    expect(grants.crashed(crash())).toMatchObject([{ crashed: true }]);
    expect(grants.unserved(0, true)).toEqual([]);
  });
});
