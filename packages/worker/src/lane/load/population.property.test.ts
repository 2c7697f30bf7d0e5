import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { usersAt, type LoadProfile } from '@drumline/model';
import type { LaneAssignment } from '../../lane-protocol.js';
import { FakeTiming } from '../../../test/fake-timing.js';
import { LaneLoad } from './lane-load.js';
import type { GivenMember } from './member.js';

/** A member that ends only on request. */
class FakeMember implements GivenMember {
  readonly isReady = true;
  readonly isBusy = false;
  readonly isEnding = false;
  readonly done: Promise<void>;
  stopped = false;
  retired = false;
  wasCut = false;
  private end!: () => void;

  constructor(
    readonly item: number,
    private readonly obedient: boolean,
  ) {
    this.done = new Promise((resolve) => (this.end = resolve));
  }

  give(): void {}

  finish(): void {
    this.stop();
  }

  stop(): void {
    this.stopped = true;
    if (this.obedient) this.end();
  }

  cut(): void {
    this.wasCut = true;
    this.end();
  }

  kill(): void {
    this.cut();
  }

  /** Ends at its own request. */
  retire(): void {
    this.retired = true;
    this.end();
  }
}

function world(obedient = true): {
  timing: FakeTiming;
  population: LaneLoad;
  members: Map<number, FakeMember[]>;
} {
  const timing = new FakeTiming();
  const members = new Map<number, FakeMember[]>();
  const spawn = (index: number): FakeMember => {
    const member = new FakeMember(index, obedient);
    members.set(index, [...(members.get(index) ?? []), member]);
    return member;
  };
  const population = new LaneLoad({
    userTypes: [{ name: 'shopper', weight: 1 }],
    stopTimeoutMs: 500,
    timing,
    isLeased: () => true,
    host: () => ({ spawn, count: () => {} }),
    onDone: () => {},
  });
  return { timing, population, members };
}

const profile = fc
  .record({
    fromUsers: fc.nat(40),
    stages: fc.array(fc.record({ durationMs: fc.integer({ min: 0, max: 20_000 }), toUsers: fc.nat(40) }), {
      minLength: 1,
      maxLength: 4,
    }),
  })
  .map((load): LoadProfile => load);

const assignment = (
  profile: LoadProfile,
  users: readonly number[],
  rest: Partial<LaneAssignment> = {},
): LaneAssignment => ({
  epoch: 1,
  load: { parts: [{ phase: '', types: [0], startMs: 0, workload: { kind: 'users', profile } }] },
  shares: [{ part: 0, items: users }],
  pausedAtMs: null,
  pausedMs: 0,
  ...rest,
});

describe('a population', () => {
  test('always equals what the load asks of this lane', () => {
    fc.assert(
      fc.property(
        profile,
        fc.uniqueArray(fc.nat(45), { maxLength: 20 }),
        fc.array(fc.nat(40_000), { maxLength: 20 }),
        (load, owned, instants) => {
          const { timing, population } = world();
          const users = owned.sort((a, b) => a - b);
          population.assign(assignment(load, users));
          population.startAt(100);
          for (const atMs of instants.sort((a, b) => a - b)) {
            // It may lag by the minimum time between two evaluations.
            timing.advanceTo(atMs + 5);
            const lagging = [usersAt(load, atMs - 100), usersAt(load, atMs + 5 - 100)];
            const wanted = lagging.map((limit) => users.filter((index) => index < limit).length);
            expect(population.size).toBeGreaterThanOrEqual(Math.min(...wanted));
            expect(population.size).toBeLessThanOrEqual(Math.max(...wanted));
          }
        },
      ),
    );
  });

  test('restarts only users whose lane has changed', () => {
    const { population, members } = world();
    const load: LoadProfile = { fromUsers: 10, stages: [{ durationMs: null, toUsers: 10 }] };
    population.assign(assignment(load, [0, 2, 4, 6]));
    population.startAt(0);
    population.assign(assignment(load, [2, 4, 5], { epoch: 2 }));
    expect(
      [...members].filter(([, all]) => all.some(({ stopped }) => stopped)).map(([index]) => index),
    ).toEqual([0, 6]);
    expect([...members.keys()]).toEqual([0, 2, 4, 6, 5]);
    // Older epochs are ignored.
    population.assign(assignment(load, [0, 1], { epoch: 1 }));
    expect(population.size).toBe(3);
  });

  test('does not replace a user that ended at its own request until the load falls below it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(9), { maxLength: 10 }), fc.nat(10), async (retired, low) => {
        const { timing, population, members } = world();
        const stages = [10, low, 10].map((toUsers) => [
          { durationMs: 0, toUsers },
          { durationMs: 1_000, toUsers },
        ]);
        const load: LoadProfile = { fromUsers: 10, stages: stages.flat() };
        const users = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        const left = (limit: number): number[] =>
          users.filter((index) => index < limit && !retired.includes(index));
        population.assign(assignment(load, users));
        population.startAt(0);
        for (const index of retired) members.get(index)![0]!.retire();
        await new Promise(setImmediate);
        population.assign(assignment(load, users, { epoch: 2 }));
        expect(population.size).toBe(left(10).length);
        timing.advanceTo(1_500);
        expect(population.size).toBe(left(low).length);
        timing.advanceTo(2_500);
        expect(population.size).toBe(left(low).length + (10 - low));
      }),
      { numRuns: 50 },
    );
  });

  test('is frozen while paused, and so is its time', async () => {
    const { timing, population } = world();
    const load: LoadProfile = { fromUsers: 0, stages: [{ durationMs: 10_000, toUsers: 10 }] };
    const users = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    population.assign(assignment(load, users));
    population.startAt(0);
    timing.advanceTo(3_010);
    expect(population.size).toBe(3);
    population.assign(assignment(load, users, { epoch: 2, pausedAtMs: 3_010 }));
    timing.advanceTo(9_000);
    expect(population.size).toBe(3);
    const gate = population.passGate();
    population.assign(assignment(load, users, { epoch: 3, pausedMs: 5_990 }));
    await gate;
    expect(population.passGate()).toBeUndefined();
    timing.advanceTo(10_010);
    expect(population.size).toBe(4);
  });

  test('when drained, stops all users, cuts off late ones and starts no more', async () => {
    const { timing, population, members } = world(false);
    const load: LoadProfile = { fromUsers: 3, stages: [{ durationMs: null, toUsers: 3 }] };
    population.assign(assignment(load, [0, 1, 2]));
    population.startAt(0);
    const drained = population.drain(2_000);
    const all = [...members.values()].flat();
    expect(all.every(({ stopped, wasCut }) => stopped && !wasCut)).toBe(true);
    timing.advanceTo(2_000);
    await drained;
    expect(all.every(({ wasCut }) => wasCut)).toBe(true);
    population.assign(assignment(load, [0, 1, 2, 3], { epoch: 9 }));
    expect(members.size).toBe(3);
  });

  test('ends with the plan without a message, and cuts off late users', async () => {
    const { timing, population, members } = world(false);
    const load: LoadProfile = { fromUsers: 2, stages: [{ durationMs: 1_000, toUsers: 2 }] };
    population.assign(assignment(load, [0, 1]));
    population.startAt(0);
    timing.advanceTo(1_001);
    const all = [...members.values()].flat();
    expect(all.map(({ stopped, wasCut }) => [stopped, wasCut])).toEqual([
      [true, false],
      [true, false],
    ]);
    await new Promise(setImmediate);
    timing.advanceTo(1_600);
    await new Promise(setImmediate);
    expect(all.every(({ wasCut }) => wasCut)).toBe(true);
  });

  test('that is held ends and runs again with the next assignment, cutting off only the earlier users', async () => {
    const { timing, population, members } = world(false);
    const load: LoadProfile = { fromUsers: 2, stages: [{ durationMs: null, toUsers: 2 }] };
    population.assign(assignment(load, [0, 1]));
    population.startAt(0);
    void population.hold();
    population.startAt(0);
    expect([population.size, members.get(0)!.length]).toEqual([0, 1]);
    population.assign(assignment(load, [0]));
    expect(population.size).toBe(1);
    await new Promise(setImmediate);
    timing.advanceTo(600);
    await new Promise(setImmediate);
    const cut = [...members].flatMap(([index, all]) => all.map(({ wasCut }) => [index, wasCut]));
    expect(cut).toEqual([
      [0, true],
      [0, false],
      [1, true],
    ]);
  });
});
