import { describe, expect, test } from '@jest/globals';
import { ONE_TYPE, openPart, OpenWorld, START_MS, steady } from '../../../test/open-world.js';

describe('an assignment', () => {
  test('does not repeat what began within the precision of timers', async () => {
    const world = new OpenWorld(openPart(steady(2_500, 200)));
    const share = world.grant(world.slots);
    world.assign([share]);
    world.start();
    for (let atMs = 0; atMs < 250; atMs += 2) {
      await world.reach(atMs);
      // A change, so that the lane looks for its next start again.
      Object.assign(world, { part: { ...world.part, phase: `${atMs}` } });
      world.assign([share]);
    }
    expect(world.users.numbers).toEqual(Array.from({ length: 500 }, (_, n) => n));
  });

  test('after the users were held begins nothing that was due meanwhile', async () => {
    const world = new OpenWorld(openPart(steady(10, null)));
    const share = world.grant(world.slots);
    world.assign([share]);
    world.start();
    await world.reach(1_050);
    void world.lane.hold();
    await world.reach(3_050);
    expect([world.users.begun.length, world.users.alive.length]).toEqual([11, 0]);
    world.assign([share]);
    await world.reach(4_050);
    expect(world.users.counts).toEqual({ started: 21, late: 0, dropped: 0, skipped: 20 });
  });

  test('that pauses skips what waits, and the schedule goes on after the pause', async () => {
    const world = new OpenWorld(openPart(steady(10, 1_000)));
    const share = world.grant(world.slots);
    world.users.startMs = 450;
    world.assign([share]);
    world.start();
    await world.reach(310);
    world.assign([share], { pausedAtMs: 310 });
    expect(world.users.counts).toMatchObject({ started: 0, skipped: 4 });
    await world.reach(5_000);
    expect(world.users.begun.length).toBe(0);
    world.assign([share], { pausedMs: 4_690 });
    await world.reach(5_790);
    expect(world.users.counts).toMatchObject({ started: 6, late: 0, skipped: 4 });
  });

  test('that gives a slot away stops its users, and the others keep theirs', async () => {
    const world = new OpenWorld(openPart(steady(40, null, { maxUsers: 4 }), { types: [0] }), ONE_TYPE);
    world.users.iterationMs = 95;
    const share = world.grant(world.slots);
    world.assign([share]);
    world.start();
    await world.reach(500);
    expect(world.users.alive.map(({ item }) => item)).toEqual([0, 1, 2, 3]);
    const kept = { ...share, items: [0, 2] };
    const releases = world.assign([kept, { ...share, items: [1, 3], untilMs: 1_000 }]);
    expect(releases).toEqual([{ part: 0, grant: share.grant, items: [1, 3], position: 1_000 }]);
    await world.reach(999);
    expect(world.users.alive.length).toBe(4);
    await world.reach(1_200);
    expect(world.users.alive.map(({ item }) => item)).toEqual([0, 2]);
    await world.reach(2_000);
    expect(world.users.begun.filter(({ atMs }) => atMs >= 2_000 && atMs < 3_000).length).toBe(20);
  });

  test('is answered at once, and again with the same position', async () => {
    const world = new OpenWorld(openPart(steady(10, null)));
    const share = world.grant(world.slots);
    world.assign([share]);
    world.start();
    await world.reach(1_000);
    const order = { ...share, untilMs: 400 };
    const [release] = world.assign([order]);
    // Nothing before the present is handed over, because it has begun.
    expect(release!.position).toBeGreaterThanOrEqual(1_000);
    expect(release!.position).toBeLessThan(1_001);
    expect(world.assign([order])).toEqual([]);
    await world.reach(3_000);
    expect(world.users.begun.length).toBe(11);
  });

  test('with a new grant that is over already begins what is due in its range, late', async () => {
    const world = new OpenWorld(openPart(steady(10, null)));
    const share = world.grant(world.slots.filter((slot) => slot % 2 === 0));
    world.assign([share]);
    world.start();
    await world.reach(2_050);
    const others = world.slots.filter((slot) => slot % 2 === 1);
    const late = { ...world.grant(others, 500), untilMs: 1_500 };
    expect(world.assign([share, late])).toMatchObject([{ grant: late.grant, position: 1_500 }]);
    await world.reach(3_050);
    const odd = world.users.numbers.filter((number) => number % 2 === 1);
    expect(odd).toEqual([5, 7, 9, 11, 13]);
  });

  test('leaves nothing out on new slots, although the lane was ahead before it knew of a pause', async () => {
    const world = new OpenWorld(openPart(steady(10, null)));
    const even = world.grant(world.slots.filter((slot) => slot % 2 === 0));
    const odd = world.grant(
      world.slots.filter((slot) => slot % 2 === 1),
      1_100,
    );
    world.assign([even]);
    world.start();
    await world.reach(3_050);
    // The run was paused for two seconds, so the lane has begun what is due until then too early.
    const clock = { pausedMs: 2_000 };
    world.assign([even, odd], clock);
    Object.assign(world, { part: { ...world.part, phase: 'other' } });
    world.assign([even, odd], clock);
    await world.reach(5_050);
    const every = (first: number): number[] =>
      Array.from({ length: Math.ceil((31 - first) / 2) }, (_, n) => first + 2 * n);
    expect(world.users.numbers.filter((number) => number % 2 === 1)).toEqual(every(11));
    expect(world.users.numbers.filter((number) => number % 2 === 0)).toEqual(every(0));
  });

  test('that takes all slots lets iterations end, also when the lane is drained right after it', async () => {
    const world = new OpenWorld(openPart(steady(1_000, null)));
    world.users.iterationMs = 200;
    const share = world.grant(world.slots);
    world.assign([share]);
    world.start();
    await world.reach(1_000);
    world.assign([{ ...share, untilMs: 1_500 }]);
    // The order to drain arrives before the last timer.
    await world.reach(1_498);
    world.timing.skipTo(START_MS + 1_500.9, false);
    const drained = world.lane.drain(1_000);
    await world.reach(2_000);
    await drained;
    expect(world.users.numbers).toEqual(Array.from({ length: 1_500 }, (_, n) => n));
    expect(world.users.counts).toMatchObject({ started: 1_500, skipped: 0 });
    expect(world.users.users.every(({ isBusy, wasCut }) => !isBusy && !wasCut)).toBe(true);
  });
});

describe('a phase', () => {
  test('begins at its time, and not before it is known', async () => {
    const world = new OpenWorld({ ...openPart(steady(100, 500)), startMs: null });
    const share = world.grant(world.slots);
    world.assign([share]);
    world.start();
    await world.reach(2_000);
    expect(world.users.begun.length).toBe(0);
    Object.assign(world, { part: { ...world.part, startMs: 2_500 } });
    world.assign([share]);
    await world.reach(2_499);
    expect(world.users.begun.length).toBe(0);
    await world.reach(3_600);
    expect(world.users.begun.length).toBe(50);
  });
});
