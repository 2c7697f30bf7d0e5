import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  NamedValues,
  RowLeases,
  SharedState,
  sizeOf,
  type NumberRange,
  type RowsOp,
  type RowsReply,
} from './index.js';

interface Setting {
  readonly use: 'once' | 'borrow';
  readonly rows: number;
  readonly repeats: boolean;
}

/** A lane process that asks for rows, and a connection that may repeat or delay its requests. */
class Client {
  rows: number[] = [];
  used: number[] = [];
  isOver = false;
  private seq = 0;
  private open: { seq: number; op: RowsOp } | undefined;

  constructor(readonly id: string) {}

  /** Takes rows for good. */
  use(count: number): void {
    this.used.push(...this.rows.splice(0, count));
  }

  /** Makes a request, unless one is open. Rows that are given back are gone at once. */
  ask(need: number, want: number, backs: number): void {
    if (this.open) return;
    const kept = Math.max(0, this.rows.length - backs);
    const back = this.rows.slice(kept).map((row): NumberRange => [row, row + 1]);
    this.rows = this.rows.slice(0, kept);
    this.seq += 1;
    const idle = this.rows.length;
    const op: RowsOp = { kind: 'rows', table: 0, used: this.used.length, back, idle, need, want };
    this.open = { seq: this.seq, op };
  }

  send(master: Master): void {
    if (this.open) master.receive(this, this.open.seq, this.open.op);
  }

  answer(seq: number, { ranges }: RowsReply): void {
    if (this.open?.seq !== seq) return;
    this.open = undefined;
    for (const [from, to] of ranges) for (let row = from; row < to; row += 1) this.rows.push(row);
  }

  end(master: Master): void {
    this.isOver = true;
    this.open = undefined;
    master.receive(this, this.seq + 1, undefined);
  }
}

/** A master that commits from time to time, answers after that, and may be killed. */
class Master {
  readonly disk = new Map<string, unknown>();
  leases!: RowLeases;
  state!: SharedState;
  private answers: (() => void)[] = [];
  private ready: (() => void)[] = [];

  constructor(private readonly setting: Setting) {
    this.start();
  }

  start(): void {
    this.answers = [];
    this.ready = [];
    this.leases = new RowLeases([{ table: 0, ...this.setting }]);
    this.state = new SharedState({ rows: this.leases, ...new NamedValues().handlers });
    this.state.restore(structuredClone([...this.disk]));
  }

  receive(client: Client, seq: number, op: RowsOp | undefined): void {
    const isOver = op === undefined;
    const answers = this.state.apply({ client: client.id, seq, ops: op ? [op] : [], isOver });
    if (answers?.[0]) this.answers.push(() => client.answer(seq, structuredClone(answers[0]!) as RowsReply));
  }

  commit(): void {
    for (const [key, value] of this.state.takeEntries()) {
      if (value === undefined) this.disk.delete(key);
      else this.disk.set(key, structuredClone(value));
    }
    this.ready.push(...this.answers.splice(0));
  }

  /** Sends the answers to what is on the disk. */
  answer(): void {
    for (const answer of this.ready.splice(0)) answer();
  }
}

const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('ask'), need: fc.nat(5), want: fc.nat(10), back: fc.nat(6) }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('send') }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('use'), count: fc.nat(6) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('commit') }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('answer') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose') }) },
);
const settings = fc.constantFrom<Setting>(
  { use: 'once', rows: 40, repeats: false },
  { use: 'once', rows: 7, repeats: true },
  { use: 'borrow', rows: 12, repeats: false },
);

test('no row is with two lanes, and none is taken twice, with repeats, restarts and dead lanes', () => {
  fc.assert(
    fc.property(settings, fc.array(fc.tuple(fc.nat(3), action), { maxLength: 120 }), (setting, actions) => {
      const master = new Master(setting);
      const clients: Client[] = [];
      const current = [0, 1, 2, 3].map((slot) => newClient(slot));
      function newClient(slot: number): Client {
        const client = new Client(`${slot}-${clients.length}`);
        clients.push(client);
        return client;
      }
      for (const [slot, one] of actions) {
        const client = current[slot]!;
        if (one.kind === 'ask' && 'need' in one) client.ask(one.need, one.want, one.back);
        if (one.kind === 'send') client.send(master);
        if (one.kind === 'use' && 'count' in one && setting.use === 'once') client.use(one.count);
        if (one.kind === 'commit') master.commit();
        if (one.kind === 'answer') master.answer();
        if (one.kind === 'restart') master.start();
        if (one.kind === 'lose') master.state.lost((id) => id === client.id);
        if (one.kind === 'end') {
          client.end(master);
          current[slot] = newClient(slot);
        }
        requireApart(clients, setting);
      }
      // What the master states accounts for each row that a lane had.
      const alive = clients.filter(({ isOver }) => !isOver);
      for (let turn = 0; turn < 2; turn += 1) {
        for (const client of alive) client.ask(0, 0, 100);
        for (const client of alive) client.send(master);
        master.commit();
        master.answer();
      }
      const tally = master.leases.tallyOf(0)!;
      const stated = tally.holders.reduce((sum, { used, held }) => sum + used + held, 0);
      expect(stated).toBe(tally.issued);
      const used = clients.reduce((sum, client) => sum + client.used.length, 0);
      expect(tally.issued).toBeGreaterThanOrEqual(used);
      for (const { id, used: own } of alive) {
        const holder = tally.holders.find((one) => one.client === id);
        expect(holder ?? { used: 0, held: 0 }).toMatchObject({ used: own.length, held: 0 });
      }
    }),
    { numRuns: 400 },
  );
});

function requireApart(clients: readonly Client[], { use }: Setting): void {
  const seen = new Set<number>();
  for (const { rows, used, isOver } of clients) {
    // A borrowed row of a lane that has ended is free.
    const own = use === 'borrow' && isOver ? [] : [...rows, ...used];
    for (const row of own) {
      if (seen.has(row)) throw new Error(`row ${row} is in two places`);
      seen.add(row);
    }
  }
}

test('the last rows are divided, and a lane learns when none is left', () => {
  const state = new SharedState({
    rows: new RowLeases([{ table: 0, rows: 10, use: 'once', repeats: false }]),
    ...new NamedValues().handlers,
  });
  const seqs = new Map<string, number>();
  const ask = (client: string, op: Partial<RowsOp>): RowsReply => {
    const seq = (seqs.get(client) ?? 0) + 1;
    seqs.set(client, seq);
    const whole: RowsOp = { kind: 'rows', table: 0, used: 0, back: [], idle: 0, need: 0, want: 0, ...op };
    return state.apply({ client, seq, ops: [whole] })![0]! as RowsReply;
  };
  expect(sizeOf(ask('a', { need: 1, want: 100 }).ranges)).toBe(5);
  expect(sizeOf(ask('b', { need: 5 }).ranges)).toBe(5);
  expect(ask('b', { used: 5, need: 1 })).toEqual({ ranges: [], lack: 'later' });
  expect([...state.takeNotices()]).toEqual([['a', new Set(['recall/0'])]]);
  ask('a', { used: 1, back: [[2, 5]] });
  expect([...state.takeNotices()]).toEqual([['b', new Set(['rows/0'])]]);
  expect(ask('b', { used: 5, need: 1 }).ranges).toEqual([[2, 3]]);
  expect(ask('b', { used: 6, need: 2 }).ranges).toEqual([[3, 5]]);
  expect(ask('b', { used: 8, need: 1 }).lack).toBe('later');
  ask('a', { used: 2 });
  expect([...state.takeNotices().keys()]).toContain('b');
  expect(ask('b', { used: 8, need: 1 })).toEqual({ ranges: [], lack: 'none' });
});
