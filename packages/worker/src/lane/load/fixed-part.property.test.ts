import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FixedWorkload, LoadPart, UserTypeShare } from '@drumline/model';
import type { LaneRelease, LaneShare } from '../../lane-protocol.js';
import { FakeTiming } from '../../../test/fake-timing.js';
import { FakeUsers } from '../../../test/fake-users.js';
import { LaneLoad } from './lane-load.js';

const ONE_TYPE: UserTypeShare[] = [{ name: 'shopper', weight: 1 }];
const TWO_TYPES: UserTypeShare[] = [...ONE_TYPE, { name: 'admin', weight: 1 }];

/** Lanes with fake users that share a fixed part. The run starts at 0. */
class World {
  readonly timing = new FakeTiming();
  readonly lanes: { load: LaneLoad; users: FakeUsers; shares: LaneShare[]; done: number }[];
  private epoch = 0;
  private grants = 0;

  constructor(
    readonly workload: FixedWorkload,
    lanes = 1,
    private readonly userTypes = ONE_TYPE,
    private readonly startMs: number | null = 0,
  ) {
    this.lanes = Array.from({ length: lanes }, () => {
      const users = new FakeUsers(this.timing);
      const lane = { users, shares: [] as LaneShare[], done: 0 };
      const load = new LaneLoad({
        userTypes,
        stopTimeoutMs: 500,
        timing: this.timing,
        isLeased: () => true,
        host: () => users,
        onDone: () => (lane.done += 1),
      });
      return Object.assign(lane, { load });
    });
  }

  get items(): number[] {
    return Array.from({ length: this.workload.users }, (_, item) => item);
  }

  get begun(): number[] {
    return this.lanes.flatMap(({ users }) => users.numbers).sort((a, b) => a - b);
  }

  get counts(): { started: number; skipped: number } {
    const sum = (of: 'started' | 'skipped'): number =>
      this.lanes.reduce((all, { users }) => all + users.counts[of], 0);
    return { started: sum('started'), skipped: sum('skipped') };
  }

  /** Grants users to a lane, from a number on. */
  grant(lane: number, items: readonly number[], from = 0): void {
    if (items.length === 0) return;
    this.lanes[lane]!.shares.push({ part: 0, items, grant: (this.grants += 1), from });
  }

  assign(lane: number, rest: { pausedAtMs?: number; pausedMs?: number } = {}): LaneRelease[] {
    const { startMs, workload } = this;
    const part: LoadPart = { phase: '', types: this.userTypes.map((_, type) => type), startMs, workload };
    const { load, shares } = this.lanes[lane]!;
    const epoch = (this.epoch += 1);
    return load.assign({ epoch, load: { parts: [part] }, pausedAtMs: null, pausedMs: 0, shares, ...rest });
  }

  /** Moves users from one lane to another, as the master does. */
  move(from: number, to: number, isMoved: (item: number) => boolean): void {
    const source = this.lanes[from]!;
    source.shares = source.shares.flatMap((share): LaneShare[] => {
      if (share.untilMs !== undefined) return [share];
      const [kept, given] = [share.items.filter((item) => !isMoved(item)), share.items.filter(isMoved)];
      return [
        ...(kept.length > 0 ? [{ ...share, items: kept }] : []),
        ...(given.length > 0 ? [{ ...share, items: given, untilMs: 0 }] : []),
      ];
    });
    for (const { items, position } of this.assign(from)) this.grant(to, items, position);
    this.assign(to);
  }

  start(): void {
    this.lanes.forEach((lane, index) => {
      this.assign(index);
      lane.load.startAt(0);
    });
  }

  async reach(atMs: number): Promise<void> {
    while (this.timing.now() < atMs) {
      this.timing.advanceTo(Math.min(atMs, this.timing.now() + 20));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const fixed = (total: number, users: number, rest: Partial<FixedWorkload> = {}): FixedWorkload => ({
  kind: 'fixed',
  total,
  users,
  each: false,
  limitMs: null,
  ...rest,
});

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe('a fixed number of iterations', () => {
  test('begins every number exactly once, while users move between lanes', async () => {
    const move = fc.record({
      from: fc.nat(2),
      to: fc.nat(2),
      n: fc.integer({ min: 1, max: 4 }),
      afterMs: fc.nat(200),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(300),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        fc.array(move, { maxLength: 6 }),
        async (total, users, each, moves) => {
          const world = new World(fixed(total, users, { each }), 3, TWO_TYPES);
          world.lanes.forEach((lane, index) => {
            lane.users.iterationMs = 7 + 5 * index;
            world.grant(
              index,
              world.items.filter((item) => item % 3 === index),
            );
          });
          world.start();
          let atMs = 0;
          for (const { from, to, n, afterMs } of moves) {
            await world.reach((atMs += afterMs));
            if (from !== to) world.move(from, to, (item) => item % n === 0);
          }
          await world.reach(atMs + 20_000);
          expect(world.begun).toEqual(upTo(total));
          expect(world.counts).toEqual({ started: total, skipped: 0 });
          for (const { load, done } of world.lanes) {
            expect(load.positions).toMatchObject([{ part: 0, position: total, active: 0 }]);
            expect(done).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('is shared by users: faster ones run more', async () => {
    const world = new World(fixed(100, 4));
    world.lanes[0]!.users.slow.set(2, 45);
    world.grant(0, world.items);
    world.start();
    await world.reach(1);
    expect(world.begun).toEqual([0, 1, 2, 3]);
    await world.reach(2_000);
    expect(world.begun).toEqual(upTo(100));
    const { users } = world.lanes[0]!.users;
    expect(users.every(({ isGone }) => isGone)).toBe(true);
    const [one, , slow] = users.map(({ iterations }) => iterations);
    expect(one).toBeGreaterThan(5 * slow!);
  });

  test('of each user is the same for all, however slow one is', async () => {
    const world = new World(fixed(20, 4, { each: true }));
    world.lanes[0]!.users.slow.set(2, 200);
    world.grant(0, world.items);
    world.start();
    await world.reach(2_000);
    expect(world.lanes[0]!.users.users.map(({ iterations }) => iterations)).toEqual([5, 5, 5, 5]);
  });

  test('smaller than the number of users starts no user that has nothing to do', async () => {
    const world = new World(fixed(3, 10));
    world.grant(0, world.items);
    world.start();
    await world.reach(500);
    expect(world.lanes[0]!.users.users.length).toBe(3);
    expect(world.begun).toEqual([0, 1, 2]);
  });

  test('of none is over at once', async () => {
    const world = new World(fixed(0, 2));
    world.grant(0, world.items);
    world.start();
    await world.reach(100);
    expect(world.lanes[0]!.done).toBeGreaterThan(0);
    expect(world.lanes[0]!.users.users.length).toBe(0);
  });

  test('that reaches its limit skips the rest, and lets iterations end that have begun', async () => {
    const world = new World(fixed(100, 2, { limitMs: 1_000 }));
    world.lanes[0]!.users.iterationMs = 300;
    world.grant(0, world.items);
    world.start();
    await world.reach(1_010);
    expect(world.counts).toEqual({ started: 8, skipped: 92 });
    await world.reach(1_300);
    expect(world.lanes[0]!.users.users.map(({ iterations, wasCut }) => [iterations, wasCut])).toEqual([
      [4, false],
      [4, false],
    ]);
    expect(world.lanes[0]!.load.positions).toMatchObject([{ position: 100, active: 0 }]);
  });

  test('that is drained skips the rest', async () => {
    const world = new World(fixed(100, 2));
    world.lanes[0]!.users.iterationMs = 50;
    world.grant(0, world.items);
    world.start();
    await world.reach(210);
    const drained = world.lanes[0]!.load.drain(1_000);
    await world.reach(400);
    await drained;
    expect(world.counts).toEqual({ started: 10, skipped: 90 });
  });

  test('that is held goes on with the next assignment where it was', async () => {
    const world = new World(fixed(40, 2));
    world.grant(0, world.items);
    world.start();
    await world.reach(30);
    void world.lanes[0]!.load.hold();
    await world.reach(1_000);
    const before = world.begun.length;
    expect(before).toBeLessThan(40);
    world.assign(0);
    await world.reach(3_000);
    expect(world.begun).toEqual(upTo(40));
  });

  test('is done by the others if users end at their own request', async () => {
    const world = new World(fixed(50, 3));
    world.grant(0, world.items);
    world.start();
    await world.reach(12);
    world.lanes[0]!.users.users[0]!.retire();
    await world.reach(3_000);
    expect(world.begun).toEqual(upTo(50));
  });

  test('is given up if no user is left, so that the part can end', async () => {
    const world = new World(fixed(50, 3));
    world.grant(0, world.items);
    world.start();
    await world.reach(12);
    for (const user of world.lanes[0]!.users.alive) user.retire();
    await world.reach(1_000);
    const { started, skipped } = world.counts;
    expect(started + skipped).toBe(50);
    expect(world.lanes[0]!.load.positions).toMatchObject([{ position: 50, active: 0 }]);
    expect(world.lanes[0]!.done).toBeGreaterThan(0);
  });

  test('waits for its phase', async () => {
    const world = new World(fixed(5, 1), 1, ONE_TYPE, 1_000);
    world.grant(0, world.items);
    world.start();
    await world.reach(999);
    expect(world.begun).toEqual([]);
    await world.reach(1_500);
    expect(world.begun).toEqual(upTo(5));
  });
});
