import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { OpenWorkload, Start } from '@drumline/model';
import type { LaneAssignment, LaneRelease, LaneShare } from '../../lane-protocol.js';
import { listedWorkloads, type Listed } from '../../../../../test/support/due-times.js';
import { openPart, OpenWorld, settled, START_MS } from '../../../test/open-world.js';

const stage = fc.record({ durationMs: fc.integer({ min: 1, max: 3_000 }), toPerSecond: fc.nat(80) });
const workload: fc.Arbitrary<OpenWorkload> = fc.record(
  {
    kind: fc.constantFrom('arrivals' as const, 'iterations' as const),
    rate: fc.record({ fromPerSecond: fc.nat(80), stages: fc.array(stage, { minLength: 1, maxLength: 3 }) }),
    order: fc.oneof(
      fc.constant({ kind: 'even' as const }),
      fc.integer().map((seed) => ({ kind: 'random' as const, seed })),
    ),
    maxConcurrent: fc.integer({ min: 2, max: 12 }),
    maxUsers: fc.integer({ min: 2, max: 12 }),
  },
  { requiredKeys: ['kind', 'rate', 'order'] },
) as fc.Arbitrary<OpenWorkload>;

const cases: fc.Arbitrary<Omit<Listed, 'openTimes'> & Partial<Listed>> = fc.oneof(
  { weight: 3, arbitrary: workload.map((one) => ({ workload: one })) },
  listedWorkloads(2),
);

/** What happens to a lane. */
type Step =
  | { readonly do: 'wait'; readonly forMs: number }
  | { readonly do: 'stall'; readonly forMs: number }
  | { readonly do: 'pause'; readonly forMs: number }
  | { readonly do: 'release'; readonly share: number; readonly aheadMs: number }
  | { readonly do: 'regain'; readonly lateMs: number }
  | { readonly do: 'hold'; readonly forMs: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), forMs: fc.nat(800) }) },
  fc.record({ do: fc.constant('stall' as const), forMs: fc.nat(1_500) }),
  fc.record({ do: fc.constant('pause' as const), forMs: fc.nat(800) }),
  fc.record({
    do: fc.constant('release' as const),
    share: fc.integer({ min: 2, max: 5 }),
    aheadMs: fc.integer({ min: -200, max: 600 }),
  }),
  fc.record({ do: fc.constant('regain' as const), lateMs: fc.nat(300) }),
  fc.record({ do: fc.constant('hold' as const), forMs: fc.nat(800) }),
);

/** Plays steps, and knows which starts belong to the lane. */
class Story {
  /** Starts from a time on belong to others, by slot; and those before another time. */
  private readonly ours = new Map<number, { fromMs: number; untilMs: number }[]>();
  private shares: LaneShare[];
  private away: { items: readonly number[]; position: number }[] = [];
  private pausedMs = 0;

  constructor(readonly world: OpenWorld) {
    this.shares = [world.grant(world.slots)];
    for (const slot of world.slots) this.ours.set(slot, [{ fromMs: 0, untilMs: Infinity }]);
    world.assign(this.shares);
    world.start();
  }

  get runMs(): number {
    return this.world.timing.now() - START_MS - this.pausedMs;
  }

  async play(one: Step): Promise<void> {
    const { world } = this;
    switch (one.do) {
      case 'wait':
        return await world.reach(this.runMs + this.pausedMs + one.forMs);
      case 'stall':
        world.timing.skipTo(world.timing.now() + one.forMs);
        return await settled();
      case 'pause':
        this.assign({ pausedAtMs: this.runMs });
        await world.reach(this.runMs + this.pausedMs + one.forMs);
        this.pausedMs += one.forMs;
        return void this.assign();
      case 'release':
        return this.release(one.share, this.runMs + one.aheadMs);
      case 'regain':
        return this.regain(one.lateMs);
      case 'hold':
        void world.lane.hold();
        await world.reach(this.runMs + this.pausedMs + one.forMs);
        return void this.assign();
    }
  }

  isOurs({ slot, dueMs }: Start): boolean {
    return this.ours.get(slot)!.some(({ fromMs, untilMs }) => fromMs <= dueMs && dueMs < untilMs);
  }

  private assign(rest: Partial<LaneAssignment> = {}): LaneRelease[] {
    return this.world.assign(this.shares, { pausedMs: this.pausedMs, ...rest });
  }

  /** Every n-th slot moves to another lane at a time. */
  private release(n: number, atMs: number): void {
    const shares = this.shares.flatMap((share): LaneShare[] => {
      if (share.untilMs !== undefined) return [share];
      const [kept, given] = [
        share.items.filter((slot) => slot % n > 0),
        share.items.filter((slot) => slot % n === 0),
      ];
      return [
        ...(kept.length > 0 ? [{ ...share, items: kept }] : []),
        ...(given.length > 0 ? [{ ...share, items: given, untilMs: Math.max(0, atMs) }] : []),
      ];
    });
    this.shares = shares;
    for (const { items, position } of this.assign()) {
      expect(position).toBeGreaterThanOrEqual(Math.max(0, atMs));
      this.away.push({ items, position });
      for (const slot of items) this.ours.get(slot)!.at(-1)!.untilMs = position;
      this.shares = this.shares.map((share) =>
        share.untilMs !== undefined && items.every((slot) => share.items.includes(slot))
          ? { ...share, untilMs: position }
          : share,
      );
    }
  }

  /** The lane gets back the slots that it has released first, from some later time on. */
  private regain(lateMs: number): void {
    const back = this.away.shift();
    if (!back) return;
    const from = back.position + lateMs;
    this.shares = [...this.shares, this.world.grant(back.items, from)];
    for (const slot of back.items) this.ours.get(slot)!.push({ fromMs: from, untilMs: Infinity });
    this.assign();
  }
}

test('begins, drops or skips every start of its slots exactly once, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(
      cases,
      fc.array(step, { maxLength: 8 }),
      fc.record({ startMs: fc.constantFrom(0, 0, 80), iterationMs: fc.nat(400) }),
      async ({ workload: one, openTimes }, steps, durations) => {
        const world = new OpenWorld(openPart(one), undefined, openTimes);
        Object.assign(world.users, durations);
        const story = new Story(world);
        for (const next of steps) await story.play(next);
        await world.reach(30_000);
        const ours = world.due.filter((start) => story.isOurs(start));
        const { started, dropped, skipped } = world.users.counts;
        expect(new Set(world.users.numbers).size).toBe(world.users.numbers.length);
        const numbers = new Set(ours.map(({ number }) => number));
        for (const number of world.users.numbers) expect(numbers).toContain(number);
        expect(started).toBe(world.users.begun.length);
        expect(started + dropped + skipped).toBe(ours.length);
      },
    ),
    { numRuns: 80 },
  );
});

test('never begins a start more than a timer early', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ workload: one, openTimes }) => {
      const world = new OpenWorld(openPart(one), undefined, openTimes);
      world.assign([world.grant(world.slots)]);
      world.start();
      await world.reach(10_000);
      for (const { lateMs } of world.users.begun) expect(lateMs).toBeGreaterThanOrEqual(-0.5);
    }),
    { numRuns: 20 },
  );
});
