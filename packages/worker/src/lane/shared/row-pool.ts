import {
  recallKey,
  rowsKey,
  sizeOf,
  type Millis,
  type NumberRange,
  type RowsReply,
  type RowUse,
  type WhenEmpty,
} from '@drumline/model';
import type { Timing } from '../load/member.js';
import type { SharedClient } from './lane-shared.js';

/** The table of a pool. */
export interface PooledTable {
  /** Number of the table among those of the plan. */
  readonly table: number;
  readonly use: RowUse;
  readonly whenEmpty: WhenEmpty;
}

/** How long a lane may make load. Later, the master may have lent its rows to others. */
export interface RowLease {
  readonly isExpired: boolean;
  /** When users must have stopped, on the lane's clock. */
  readonly stoppedByMs: Millis;
}

const ENDLESS: RowLease = { isExpired: false, stoppedByMs: Infinity };

/** A user that waits for a row. */
interface Waiter {
  readonly take: (row: number) => void;
  /** No row is left. */
  readonly none: () => void;
  /** No row is there for now. */
  readonly lacks: () => void;
}

/** What a request asked for. */
interface Request {
  readonly need: number;
  readonly want: number;
  /** How often the lane had lost its borrowed rows. */
  readonly losses: number;
}

/** Rows are leased for this time, as long as users take them as fast as before. */
const LEASED_FOR_MS: Millis = 2_000;
const FIRST_LEASE = 4;
const MAX_LEASE = 10_000;
/** How often a lane asks again that waits for a row. */
const RETRY_AFTER_MS: Millis = 1_000;
/** How long a lane leases no more rows than it needs after others had none. */
const SPARING_MS: Millis = 5_000;

/**
 * The rows of a table that a lane has leased from the master. Leases rows ahead, so that users
 * seldom wait, and gives back what no user has when other lanes have none.
 */
export class RowPool {
  /** Rows that no user has, in the order in which the lane got them. */
  private free: [from: number, to: number][] = [];
  private freeCount = 0;
  private waiters: Waiter[] = [];
  private used = 0;
  /** Rows that the master is to get back with the next request. */
  private back: NumberRange[] = [];
  /** Rows that the master is to get back as soon as users no longer have them. */
  private owed = 0;
  private mustReport = false;
  private isAsking = false;
  private lack: RowsReply['lack'];
  private cancelRetry: (() => void) | undefined;
  private lease = { rows: 0, atMs: 0, usedBefore: 0 };
  private sparingUntilMs: Millis = -Infinity;
  /** Counts the times at which the lane lost its borrowed rows. */
  private losses = 0;
  /** Until when users may use the rows that they had at the last loss. */
  private lostFromMs: Millis = -Infinity;
  /** Borrowed rows that users have, with the value of `losses` then. */
  private readonly lent = new Map<number, number>();
  private isClosed = false;
  private reported = (): void => {};

  constructor(
    private readonly about: PooledTable,
    private readonly shared: SharedClient,
    private readonly timing: Timing,
    private readonly laneLease: RowLease = ENDLESS,
  ) {
    shared.onWake(rowsKey(about.table), () => this.retry());
    shared.onWake(recallKey(about.table), () => this.recalled());
  }

  /** A row, if one is there. Otherwise call `wait`. */
  take(): number | undefined {
    const [first] = this.free;
    if (first === undefined || !this.mayLend) return undefined;
    const row = first[0];
    first[0] += 1;
    if (first[0] === first[1]) this.free.shift();
    this.freeCount -= 1;
    this.used += 1;
    if (!this.isOnce) this.lent.set(row, this.losses);
    if (this.isOnce && this.freeCount * 2 <= this.lease.rows) this.ask();
    return row;
  }

  /** Waits for a row. @returns a function that stops waiting */
  wait(waiter: Waiter): () => void {
    if (this.lack === 'none' && this.stopsUsers) {
      waiter.none();
      return () => {};
    }
    this.waiters.push(waiter);
    if (this.isEmpty) waiter.lacks();
    this.ask();
    return () => {
      this.waiters = this.waiters.filter((other) => other !== waiter);
    };
  }

  /** Whether the master had no row when it was last asked. */
  get isEmpty(): boolean {
    return this.lack !== undefined;
  }

  /** Whether a user may use a row that it has borrowed. If not, another user may have it. */
  mayUse(row: number): boolean {
    const isLost = this.lent.get(row) !== this.losses;
    return this.timing.now() < (isLost ? this.lostFromMs : this.laneLease.stoppedByMs);
  }

  /** A user no longer has a borrowed row. */
  giveBack(row: number): void {
    const isLost = this.lent.get(row) !== this.losses;
    this.lent.delete(row);
    if (this.owed > 0 || this.isClosed || isLost) {
      this.owed = 0;
      this.back.push([row, row + 1]);
      return this.ask();
    }
    this.add([row, row + 1]);
    this.serve();
  }

  /**
   * Gives back what no user has, and reports the rest. Called when users have stopped. Resolves
   * when the master knows it.
   */
  close(): Promise<void> {
    this.isClosed = true;
    this.returnFree();
    this.mustReport = true;
    return new Promise((resolve) => {
      this.reported = resolve;
      this.ask();
    });
  }

  /**
   * The users have been stopped because the master is silent. By now, it may give borrowed rows to
   * others.
   */
  hold(): void {
    if (this.isOnce) return;
    this.losses += 1;
    this.lostFromMs = this.laneLease.stoppedByMs;
    this.returnFree();
    this.ask();
  }

  private get isOnce(): boolean {
    return this.about.use === 'once';
  }

  private get mayLend(): boolean {
    return this.isOnce || !this.laneLease.isExpired;
  }

  private get stopsUsers(): boolean {
    return this.about.whenEmpty !== 'wait';
  }

  private add([from, to]: NumberRange): void {
    this.free.push([from, to]);
    this.freeCount += to - from;
  }

  private returnFree(): void {
    this.back.push(...this.free);
    this.free = [];
    this.freeCount = 0;
  }

  private serve(): void {
    while (this.freeCount > 0 && this.waiters.length > 0 && this.mayLend)
      this.waiters.shift()!.take(this.take()!);
  }

  /** Others wait for rows. */
  private recalled(): void {
    this.sparingUntilMs = this.timing.now() + SPARING_MS;
    if (!this.isOnce && this.freeCount === 0) this.owed = 1;
    this.returnFree();
    this.mustReport = true;
    this.ask();
  }

  private retry(): void {
    this.cancelRetry?.();
    this.cancelRetry = undefined;
    this.lack = undefined;
    this.ask();
  }

  /** Asks the master for what is missing, unless a request is under way. */
  private ask(): void {
    if (this.isAsking) return;
    const need = this.lack === undefined ? this.waiters.length : 0;
    const want = this.lack === undefined ? this.wanted : 0;
    if (need === 0 && want === 0 && this.back.length === 0 && !this.mustReport) return;
    this.isAsking = true;
    this.mustReport = false;
    const { table } = this.about;
    const { used, back, freeCount: idle, losses } = this;
    this.back = [];
    const op = { kind: 'rows' as const, table, used, back, idle, need, want };
    void this.shared.ask<RowsReply>(op).then((reply) => {
      this.isAsking = false;
      this.receive(reply, { need, want, losses });
      this.ask();
      if (!this.isAsking) this.reported();
    });
  }

  private receive({ ranges, lack }: RowsReply, { need, want, losses }: Request): void {
    if (ranges.length > 0) {
      this.lease = { rows: sizeOf(ranges), atMs: this.timing.now(), usedBefore: this.used };
      // The lane has lost its borrowed rows since it asked.
      if (losses !== this.losses) return void this.back.push(...ranges);
      for (const range of ranges) this.add(range);
      this.serve();
      if (this.isClosed) this.returnFree();
      return;
    }
    // There was nothing to lease ahead.
    if (lack === undefined && want > 0) this.sparingUntilMs = this.timing.now() + RETRY_AFTER_MS;
    if (lack === undefined) return;
    this.lack = lack;
    this.cancelRetry ??= this.timing.after(RETRY_AFTER_MS, () => this.retry());
    if (lack === 'none' && this.stopsUsers) for (const waiter of this.waiters.splice(0, need)) waiter.none();
    for (const waiter of this.waiters) waiter.lacks();
  }

  /** Rows to lease beyond those that users wait for. */
  private get wanted(): number {
    const now = this.timing.now();
    const { rows, atMs, usedBefore } = this.lease;
    if (!this.isOnce || this.isClosed || now < this.sparingUntilMs || this.freeCount * 2 > rows) return 0;
    if (rows === 0) return this.waiters.length > 0 ? FIRST_LEASE : 0;
    const perMs = (this.used - usedBefore) / Math.max(1, now - atMs);
    const most = Math.min(MAX_LEASE, 4 * Math.max(rows, FIRST_LEASE));
    return Math.max(0, Math.min(most, Math.ceil(perMs * LEASED_FOR_MS) - this.freeCount));
  }
}
