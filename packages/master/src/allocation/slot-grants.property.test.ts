import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SlotGrants, type Grant, type Handover } from './slot-grants.js';

const SLOTS = 12;

/** What a lane dealt with: the starts of a slot that were due in a time. */
interface Dealt {
  readonly slot: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A lane that follows its orders as the contract says. Its messages may be late. */
class TestLane {
  private orders: readonly Grant[] = [];
  private readonly cursors = new Map<number, number>();
  private answers: Handover[] = [];
  private readonly crashed = new Set<number>();

  constructor(
    readonly id: string,
    private readonly dealt: Dealt[],
  ) {}

  /** The newest orders arrive. */
  obey(orders: readonly Grant[], nowMs: number): void {
    this.run(nowMs);
    this.orders = orders.filter(({ id }) => !this.crashed.has(id));
    const known = new Set(orders.map(({ id }) => id));
    for (const id of this.cursors.keys()) if (!known.has(id)) this.cursors.delete(id);
    this.answers = this.answers.filter(({ grant }) => known.has(grant));
    for (const { id, from, items, untilMs } of this.orders) {
      const cursor = this.cursors.get(id) ?? from;
      this.cursors.set(id, cursor);
      const open = items.filter((item) => this.answerOf(id, item) === undefined);
      if (untilMs === undefined || open.length === 0) continue;
      const position = Math.max(untilMs, cursor);
      this.answers.push({ lane: this.id, grant: id, items: open, position });
    }
    this.run(nowMs);
  }

  /** Deals with everything that is due before now. */
  run(nowMs: number): void {
    for (const { id, items } of this.orders) {
      const fromMs = this.cursors.get(id)!;
      for (const slot of items) {
        const toMs = Math.min(nowMs, this.answerOf(id, slot) ?? Infinity);
        if (toMs > fromMs) this.dealt.push({ slot, fromMs, toMs });
      }
    }
    for (const [id, cursor] of this.cursors) this.cursors.set(id, Math.max(cursor, nowMs));
  }

  /** The lane ends, and its control process answers for it. */
  crash(nowMs: number): void {
    this.run(nowMs);
    for (const { id, items } of this.orders) {
      this.crashed.add(id);
      const open = items.filter((item) => this.answerOf(id, item) === undefined);
      this.answers.push({ lane: this.id, grant: id, items: open, position: this.cursors.get(id)! });
    }
    this.orders = [];
  }

  get handovers(): readonly Handover[] {
    return this.answers;
  }

  private answerOf(grant: number, slot: number): number | undefined {
    return this.answers.find((one) => one.grant === grant && one.items.includes(slot))?.position;
  }
}

type Step =
  | { readonly do: 'join' }
  | { readonly do: 'leave' | 'lose' | 'crash' | 'orders' | 'answers'; readonly lane: number }
  | { readonly do: 'place'; readonly salt: number }
  | { readonly do: 'wait'; readonly forMs: number };

const lane = fc.nat(5);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constant({ do: 'join' as const }),
  fc.record({ do: fc.constantFrom('leave' as const, 'lose' as const, 'crash' as const), lane }),
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('orders' as const, 'answers' as const), lane }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('place' as const), salt: fc.nat(100) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), forMs: fc.integer({ min: 1, max: 400 }) }),
  },
);

/** A master and its lanes. Orders and answers arrive when a step says so. */
class TestCluster {
  readonly dealt: Dealt[] = [];
  /** The times in which nobody may have dealt with a slot, because its lane was lost. */
  readonly stated: Dealt[] = [];
  nowMs = 0;
  slots = SlotGrants.ofAll(SLOTS);
  private lanes: TestLane[] = [];
  private readonly leaving = new Set<string>();
  private joined = 0;
  private ids = 0;

  take(one: Step): void {
    const lane = 'lane' in one ? this.lanes[one.lane] : undefined;
    if (one.do === 'join') this.lanes.push(new TestLane(`l${(this.joined += 1)}`, this.dealt));
    if (one.do === 'wait') this.wait(one.forMs);
    if (one.do === 'place') this.place(one.salt);
    if (!lane) return;
    if (one.do === 'leave') this.leaving.add(lane.id);
    if (one.do === 'crash') this.crash(lane);
    if (one.do === 'orders') this.order(lane);
    if (one.do === 'answers') this.hear(lane);
    if (one.do === 'lose') this.lose(lane);
    this.everySlotHasOnePlace();
  }

  /** Delivers everything until nothing changes. */
  settle(): void {
    for (let round = 0; round < 3; round += 1) {
      this.place(0);
      for (const lane of this.lanes) this.order(lane);
      for (const lane of this.lanes) this.hear(lane);
    }
    this.wait(3_000);
  }

  private hear(lane: TestLane): void {
    for (const answer of lane.handovers) this.slots.handOver(answer);
  }

  private crash(lane: TestLane): void {
    lane.crash(this.nowMs);
    this.hear(lane);
    this.state(this.slots.cutOff(lane.id, this.nowMs));
  }

  /** The starts of these slots are stated as lost, up to now or to their release. */
  private state(grants: readonly Grant[]): void {
    for (const { items, untilMs } of grants)
      for (const slot of items)
        this.stated.push({ slot, fromMs: 0, toMs: Math.max(this.nowMs, untilMs ?? 0) });
  }

  private wait(forMs: number): void {
    this.nowMs += forMs;
    for (const lane of this.lanes) lane.run(this.nowMs);
  }

  private order(lane: TestLane): void {
    lane.obey(
      this.sent.filter((grant) => grant.lane === lane.id),
      this.nowMs,
    );
  }

  private lose(lost: TestLane): void {
    this.lanes = this.lanes.filter((lane) => lane !== lost);
    this.state(
      this.slots.takeFrom(
        (id) => id === lost.id,
        () => this.nowMs,
      ),
    );
  }

  private sent: readonly Grant[] = [];

  private place(salt: number): void {
    const open = this.lanes.filter(({ id }) => !this.leaving.has(id));
    const target = new Map(open.map(({ id }) => [id, [] as number[]]));
    for (let slot = 0; slot < SLOTS && open.length > 0; slot += 1)
      target.get(open[(slot * 7 + salt) % open.length]!.id)!.push(slot);
    const { leaving, nowMs } = this;
    const nextId = (): number => (this.ids += 1);
    this.slots.change({ target, leaving, nowMs, switchAtMs: nowMs + 100, nextId });
    this.sent = [...this.slots.grants, ...this.slots.ending];
  }

  private everySlotHasOnePlace(): void {
    const places = [...this.slots.grants, ...this.slots.free].flatMap(({ items }) => items);
    expect(places.sort((a, b) => a - b)).toEqual(Array.from({ length: SLOTS }, (_, slot) => slot));
  }
}

test('no start of a slot happens twice or never, whatever lanes join, leave, crash and are lost', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const cluster = new TestCluster();
      for (const one of steps) cluster.take(one);
      cluster.take({ do: 'join' });
      cluster.settle();
      for (let slot = 0; slot < SLOTS; slot += 1) {
        const own = cluster.dealt.filter((one) => one.slot === slot).sort((a, b) => a.fromMs - b.fromMs);
        const lostUntilMs = Math.max(
          0,
          ...cluster.stated.filter((one) => one.slot === slot).map(({ toMs }) => toMs),
        );
        let reachedMs = 0;
        for (const { fromMs, toMs } of own) {
          // Twice is never allowed. A gap is, up to the time at which a lane was lost.
          expect(fromMs).toBeGreaterThanOrEqual(reachedMs);
          if (fromMs > reachedMs) expect(fromMs).toBeLessThanOrEqual(lostUntilMs);
          reachedMs = toMs;
        }
        expect(reachedMs).toBe(cluster.nowMs);
      }
    }),
    { numRuns: 400 },
  );
});

test('a slot that moves as planned changes its lane at the announced time', () => {
  const dealt: Dealt[] = [];
  const [first, second] = [new TestLane('first', dealt), new TestLane('second', dealt)];
  const slots = SlotGrants.ofAll(1);
  let ids = 0;
  const move = (lane: TestLane, nowMs: number): void => {
    const target = new Map([[lane.id, [0]]]);
    slots.change({
      target,
      leaving: new Set(),
      nowMs,
      switchAtMs: nowMs + 1_000,
      nextId: () => (ids += 1),
    });
    for (const one of [first, second]) {
      one.obey(
        [...slots.grants, ...slots.ending].filter((grant) => grant.lane === one.id),
        nowMs,
      );
      for (const answer of one.handovers) slots.handOver(answer);
    }
  };
  move(first, 0);
  move(second, 5_000);
  move(second, 5_100);
  for (const lane of [first, second]) lane.run(9_000);
  expect(dealt).toEqual([
    { slot: 0, fromMs: 0, toMs: 5_000 },
    { slot: 0, fromMs: 5_000, toMs: 5_100 },
    { slot: 0, fromMs: 5_100, toMs: 6_000 },
    { slot: 0, fromMs: 6_000, toMs: 9_000 },
  ]);
});

test('slots without a lane wait, and are skipped up to the time at which they get one', () => {
  const slots = SlotGrants.ofAll(4);
  const change = { leaving: new Set<string>(), nowMs: 0, switchAtMs: 0, nextId: () => 1 };
  slots.change({ ...change, target: new Map([['a', [0, 1]]]) });
  expect(slots.skipUnserved(2_500)).toEqual([{ from: 0, items: [2, 3], unserved: true }]);
  slots.change({ ...change, target: new Map([['a', [0, 1, 2, 3]]]) });
  expect(slots.grants.map(({ from, items }) => [from, items])).toEqual([
    [0, [0, 1]],
    [2_500, [2, 3]],
  ]);
});
