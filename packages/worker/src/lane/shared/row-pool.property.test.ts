import { expect, test } from '@jest/globals';
import { NamedValues, RowLeases, SharedState, type RowUse, type SharedBatch } from '@drumline/model';
import fc from 'fast-check';
import type { Timing } from '../load/member.js';
import { LaneShared } from './lane-shared.js';
import { RowPool } from './row-pool.js';

const ROWS = 3;

/** The clock of all lanes. */
class Clock implements Timing {
  nowMs = 0;
  private timers: { atMs: number; action: () => void }[] = [];

  now = (): number => this.nowMs;

  after = (delayMs: number, action: () => void): (() => void) => {
    const timer = { atMs: this.nowMs + delayMs, action };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  };

  pass(ms: number): void {
    this.nowMs += ms;
    for (const timer of this.timers.filter(({ atMs }) => atMs <= this.nowMs)) {
      this.timers = this.timers.filter((other) => other !== timer);
      timer.action();
    }
  }
}

/** A lane whose users take or borrow rows, and its connection to the master. */
class TestLane {
  /** Rows that its users have. */
  rows: number[] = [];
  isCut = false;
  readonly pool: RowPool;
  private readonly shared = new LaneShared((batch) => (this.open = batch));
  private open: SharedBatch | undefined;
  /** Answers and hints on their way. They may arrive after a cut. */
  private readonly inbox: (() => void)[] = [];

  constructor(
    readonly id: string,
    use: RowUse,
    clock: Clock,
    private readonly state: SharedState,
    private readonly lanes: ReadonlyMap<string, TestLane>,
  ) {
    this.pool = new RowPool({ table: 0, use, whenEmpty: 'wait' }, this.shared, clock);
  }

  take(): void {
    const row = this.pool.take();
    if (row !== undefined) this.rows.push(row);
    else this.pool.wait({ take: (later) => this.rows.push(later), none: () => {}, lacks: () => {} });
  }

  giveBack(): void {
    const row = this.rows.shift();
    if (row !== undefined) this.pool.giveBack(row);
  }

  /** Sends the open request, also one that was sent before. */
  send(): void {
    if (this.isCut || !this.open) return;
    const { seq, ops } = this.open;
    const answers = this.state.apply({ client: this.id, seq, ops });
    this.inbox.push(() => this.shared.answer(seq, structuredClone(answers ?? [])));
    for (const [client, keys] of this.state.takeNotices()) {
      const lane = this.lanes.get(client)!;
      lane.inbox.push(() => lane.shared.wake([...keys]));
    }
  }

  exchange(): void {
    this.send();
    this.receive();
  }

  receive(): void {
    if (!this.isCut) this.inbox.shift()?.();
  }

  receiveAll(): void {
    while (this.inbox.length > 0) this.receive();
  }

  /** The lane is cut off for so long that its users stop, and that the master knows it. */
  fence(): void {
    this.isCut = true;
    this.pool.hold();
    while (this.rows.length > 0) this.giveBack();
    this.state.lapsed((client) => client === this.id);
  }
}

const KINDS = { take: 4, giveBack: 1, exchange: 6, send: 1, receive: 1, cut: 1, mend: 2, fence: 1, pass: 1 };
const action = fc.tuple(
  fc.nat(1),
  fc.oneof(
    ...Object.entries(KINDS).map(([kind, weight]) => ({
      weight,
      arbitrary: fc.constant(kind as keyof typeof KINDS),
    })),
  ),
);

/** Lets promises settle. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

test('no two users have a borrowed row, also when lanes are cut off and answers arrive late', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 30, maxLength: 80 }), async (actions) => {
      const clock = new Clock();
      const leases = new RowLeases([{ table: 0, rows: ROWS, use: 'borrow', repeats: false }]);
      const state = new SharedState({ rows: leases, ...new NamedValues().handlers });
      const byId = new Map<string, TestLane>();
      for (const id of ['a', 'b']) byId.set(id, new TestLane(id, 'borrow', clock, state, byId));
      const lanes = [...byId.values()];
      for (const [index, kind] of actions) {
        const lane = lanes[index]!;
        if (kind === 'cut') lane.isCut = true;
        else if (kind === 'mend') lane.isCut = false;
        else if (kind === 'pass') clock.pass(1_000);
        else lane[kind]();
        await settle();
        const lent = lanes.flatMap(({ rows }) => rows);
        expect(new Set(lent).size).toBe(lent.length);
      }
      // Nothing leaks: once all lanes have stopped, all rows are with the master.
      for (const lane of lanes) lane.isCut = false;
      for (const lane of lanes) while (lane.rows.length > 0) lane.giveBack();
      for (const lane of lanes) void lane.pool.close();
      for (let turn = 0; turn < 60; turn += 1) {
        for (const lane of lanes) {
          lane.send();
          lane.receiveAll();
          while (lane.rows.length > 0) lane.giveBack();
        }
        clock.pass(1_000);
        await settle();
      }
      expect(leases.tallyOf(0)!.issued).toBe(0);
    }),
    { numRuns: 120 },
  );
});
