import { describe, expect, test } from '@jest/globals';
import type { LoadPart, OpenWorkload } from '@drumline/model';
import { checkDelta, Recorder } from '@drumline/stats';
import { ONE_TYPE, openPart, OpenWorld, settled, START_MS, steady } from '../../../test/open-world.js';

describe('iterations at a rate', () => {
  test('keep a constant rate with as many users as it needs', async () => {
    const world = new OpenWorld(openPart(steady(50, 4_000)));
    world.users.iterationMs = 190;
    world.assign([world.grant(world.slots)]);
    world.start();
    await world.reach(5_000);
    expect(world.users.counts).toEqual({ started: 200, late: 0, dropped: 0, skipped: 0 });
    // Ten are always busy. One more covers the timers of the users.
    expect(world.users.users.length).toBeGreaterThanOrEqual(10);
    expect(world.users.users.length).toBeLessThanOrEqual(12);
  });

  test('follow a ramp, and several stages', async () => {
    const rate = {
      fromPerSecond: 10,
      stages: [
        { durationMs: 2_000, toPerSecond: 30 },
        { durationMs: 1_000, toPerSecond: 30 },
        { durationMs: 0, toPerSecond: 100 },
        { durationMs: 1_000, toPerSecond: 100 },
      ],
    };
    const world = new OpenWorld(openPart({ kind: 'iterations', rate, order: { kind: 'even' } }));
    world.assign([world.grant(world.slots)]);
    world.start();
    const perSecond: number[] = [];
    for (let second = 1; second <= 5; second += 1) {
      const before = world.users.begun.length;
      await world.reach(second * 1_000 - 1);
      perSecond.push(world.users.begun.length - before);
    }
    expect(perSecond).toEqual([15, 25, 30, 100, 0]);
  });

  test('are exact over time with a rate below one a second', async () => {
    const world = new OpenWorld(openPart(steady(0.15, null)));
    world.assign([world.grant(world.slots)]);
    world.start();
    await world.reach(60_000);
    expect(world.users.begun.length).toBe(9);
  });

  test('run nothing while the rate is zero, and go on after it', async () => {
    const rate = {
      fromPerSecond: 0,
      stages: [
        { durationMs: 2_000, toPerSecond: 0 },
        { durationMs: 0, toPerSecond: 20 },
        { durationMs: 1_000, toPerSecond: 20 },
      ],
    };
    const world = new OpenWorld(openPart({ kind: 'iterations', rate, order: { kind: 'even' } }));
    world.assign([world.grant(world.slots)]);
    world.start();
    await world.reach(1_999);
    expect(world.users.begun.length).toBe(0);
    await world.reach(3_500);
    expect(world.users.begun.length).toBe(20);
  });

  test('are dropped when all users are busy, and never queued for later', async () => {
    const part = openPart(steady(100, 2_000, { maxUsers: 4 }), { types: [0] });
    const world = new OpenWorld(part, ONE_TYPE);
    world.users.iterationMs = 99;
    world.assign([world.grant(world.slots)]);
    world.start();
    await world.reach(3_000);
    const { started, dropped } = world.users.counts;
    expect(world.users.peak).toBe(4);
    expect(started + dropped).toBe(200);
    expect(started).toBe(80);
    for (const { lateMs } of world.users.begun) expect(lateMs).toBeLessThanOrEqual(0.5);
  });

  test('go to the user that was used last, so that the others stay idle', async () => {
    const world = new OpenWorld(openPart(steady(20, 3_000)));
    world.users.iterationMs = 120;
    world.assign([world.grant(world.slots)]);
    world.start();
    await world.reach(500);
    // One slow iteration has made a user more than the load needs.
    world.users.iterationMs = 5;
    await world.reach(1_000);
    const before = world.users.users.map(({ iterations }) => iterations);
    await world.reach(2_000);
    const used = world.users.users.filter(({ iterations }, index) => iterations > before[index]!);
    expect(used.length).toBeLessThan(world.users.users.length);
  });

  test('number their users by slots, as low as possible and below the limit', async () => {
    const world = new OpenWorld(openPart(steady(100, 2_000, { maxUsers: 7 })));
    world.users.iterationMs = 300;
    world.assign([world.grant(world.slots)]);
    world.start();
    await world.reach(3_000);
    expect(world.users.users.map(({ item }) => item).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('wait for a user whose onStart runs, and the next idle user takes the oldest', async () => {
    const world = new OpenWorld(openPart(steady(10, 1_000), { types: [0] }), ONE_TYPE);
    world.users.startMs = 250;
    world.users.iterationMs = 10;
    world.assign([world.grant(world.slots)]);
    world.start();
    await world.reach(2_000);
    // Iterations 0, 1 and 2 are due while no user is ready. User 0 takes 0 when it is.
    expect(world.users.begun.slice(0, 3).map(({ number, lateMs }) => [number, Math.round(lateMs)])).toEqual([
      [0, 250],
      [1, 160],
      [2, 70],
    ]);
    expect(world.users.counts).toMatchObject({ started: 10, late: 3, dropped: 0, skipped: 0 });
  });

  test('of a user that could not start are dropped, and do not start users without end', async () => {
    const world = new OpenWorld(openPart(steady(10, 1_000)));
    world.users.startMs = 100_000;
    world.assign([world.grant(world.slots)]);
    world.start();
    await world.reach(450);
    expect(world.users.users.length).toBe(5);
    for (const user of world.users.alive) user.retire();
    await settled();
    expect(world.users.counts).toMatchObject({ started: 0, dropped: 5 });
    expect(world.users.users.length).toBe(5);
  });
});

describe('arrivals', () => {
  const arrivals = (perSecond: number, forMs: number | null, rest: object = {}): LoadPart =>
    openPart({ ...steady(perSecond, forMs), kind: 'arrivals', ...rest } as OpenWorkload);

  test('are new users that run one iteration each and leave', async () => {
    const world = new OpenWorld(arrivals(40, 2_000));
    world.users.startMs = 30;
    world.users.iterationMs = 70;
    world.assign([world.grant(world.slots)]);
    world.start();
    await world.reach(3_000);
    expect(world.users.users.map(({ item }) => item)).toEqual(Array.from({ length: 80 }, (_, n) => n));
    expect(world.users.users.every(({ iterations, isGone }) => iterations === 1 && isGone)).toBe(true);
    // 40 a second times 0.1 seconds, and one for the timers.
    expect(world.users.peak).toBeLessThanOrEqual(5);
  });

  test('beyond the limit are dropped', async () => {
    const world = new OpenWorld(arrivals(100, 1_000, { maxConcurrent: 8 }));
    world.users.iterationMs = 10_000;
    world.assign([world.grant(world.slots)]);
    world.start();
    await world.reach(1_001);
    expect(world.users.counts).toMatchObject({ started: 8, dropped: 92 });
  });

  test('that began before the end may finish after it, within the stop timeout', async () => {
    const world = new OpenWorld(arrivals(10, 1_000));
    world.users.iterationMs = 350;
    world.assign([world.grant(world.slots)]);
    world.start();
    await world.reach(1_010);
    expect([world.lane.size, world.users.alive.length]).toEqual([0, 3]);
    await world.reach(1_400);
    expect(world.users.users.every(({ wasCut, iterations }) => !wasCut && iterations === 1)).toBe(true);
  });

  test('that take longer than the stop timeout are cut off', async () => {
    const world = new OpenWorld(arrivals(10, 1_000));
    world.users.iterationMs = 9_000;
    world.assign([world.grant(world.slots)]);
    world.start();
    await world.reach(1_490);
    expect(world.users.alive.length).toBe(10);
    await world.reach(1_700);
    expect(world.users.users.every(({ wasCut }) => wasCut)).toBe(true);
  });
});

describe('after a stall', () => {
  test('everything that is due starts late, in several turns of the event loop', async () => {
    const world = new OpenWorld(openPart(steady(1_000, null)));
    world.users.iterationMs = 100_000;
    world.assign([world.grant(world.slots)]);
    world.start();
    await world.reach(100);
    world.timing.skipTo(START_MS + 1_100);
    const inOneTurn = world.users.begun.length;
    expect(inOneTurn).toBeLessThan(400);
    await world.reach(1_150);
    expect(world.users.begun.length).toBeGreaterThanOrEqual(1_145);
    expect(world.users.counts.late).toBeGreaterThan(900);
  });

  test('the counts of a start are in one second, although the clock goes on meanwhile', async () => {
    const world = new OpenWorld(openPart(steady(2_500, null)));
    const recorder = new Recorder(0);
    let readings = 0;
    world.users.count = (event, _type, times) =>
      recorder.schedule(event, 'buyer', '', (readings += 1) * 0.6, times);
    world.assign([world.grant(world.slots)]);
    world.start();
    world.timing.skipTo(START_MS + 1_000);
    await world.reach(1_100);
    const deltas = recorder.close(10_000);
    const sumOf = (count: 'started' | 'late'): number =>
      deltas.reduce((sum, { schedule = [] }) => sum + (schedule[0]?.[count] ?? 0), 0);
    expect(sumOf('started')).toBeGreaterThan(2_000);
    expect(sumOf('late')).toBeGreaterThan(2_000);
    for (const delta of deltas) expect(() => checkDelta(delta)).not.toThrow();
  });
});
