import { InterruptedError, type CallGate } from '@drumline/drivers';
import { rowOf, type RowUse } from '@drumline/model';
import type { BorrowTable, OnceTable } from '@drumline/scenario';
import { openTable } from '@drumline/scenario/runtime';
import type { LaneObserver } from './observer.js';
import { NumberedUser, type Seeded } from './numbered-user.js';
import type { LeasedRows } from './shared/leased-rows.js';
import type { RowPool } from './shared/row-pool.js';
import { USER_STOPPED, type Unwinding } from './unwinding.js';
import type { Owner } from './user-clients.js';

/** Where the rows of a lane are found. */
export interface Leasing extends Seeded, Pick<LeasedRows, 'poolOf'> {
  /** A user has taken or borrowed a row. */
  leased(use: RowUse, table: string, row: unknown): void;
}

type Leased<T> = OnceTable<T> | BorrowTable<T>;

interface Borrowed {
  readonly pool: RowPool;
  readonly row: number;
}

/** A user that takes and borrows rows of test data. */
export abstract class LeasingUser extends NumberedUser {
  abstract isCut: boolean;
  abstract task: string;
  /** Borrowed rows that go back at the end of the iteration, or of the user. */
  private readonly borrowed: Borrowed[] = [];
  private readonly keptToTheEnd: Borrowed[] = [];
  /** What waits for a row. */
  private waits: Set<() => void> | undefined;
  private isStopping = false;

  constructor(
    owner: Owner,
    private readonly leasing: Leasing,
  ) {
    super(owner, leasing);
  }

  get take(): <T>(rows: OnceTable<T>) => Promise<T> {
    return (rows) => this.rowFrom(rows, 'once');
  }

  get borrow(): <T>(rows: BorrowTable<T>) => Promise<T> {
    return (rows) => this.rowFrom(rows, 'borrow');
  }

  /** The user is to stop after its task. It does not wait for rows that are not there. */
  stopWaiting(): void {
    this.isStopping = true;
    for (const look of this.waits ?? []) look();
  }

  /** The iteration has ended: rows that were borrowed in it go back. */
  endIteration(observer: Pick<LaneObserver, 'iterated'> | undefined): void {
    if (this.borrowed.length > 0) this.giveBack(this.borrowed);
    observer?.iterated();
  }

  /** The user has ended. */
  protected giveAllRowsBack(): void {
    this.giveBack(this.borrowed);
    this.giveBack(this.keptToTheEnd);
  }

  /**
   * Refuses calls of a user whose borrowed rows others may have. Its lane has been cut off or
   * stalled, and will stop it. Undefined while it has no borrowed row.
   */
  protected get rowGate(): CallGate | undefined {
    const { borrowed, keptToTheEnd } = this;
    if (borrowed.length === 0 && keptToTheEnd.length === 0) return undefined;
    const isUsable = ({ pool, row }: Borrowed): boolean => pool.mayUse(row);
    return () =>
      borrowed.every(isUsable) && keptToTheEnd.every(isUsable) ? undefined : new InterruptedError();
  }

  /** `rowGate` has changed. */
  protected abstract gateChanged(): void;
  protected abstract refuseWhileLeaving(): void;
  protected abstract unwind(signal: Unwinding): never;
  protected abstract onCut(action: () => void): () => void;

  private async rowFrom<T>(rows: Leased<T>, use: RowUse): Promise<T> {
    this.refuseWhileLeaving();
    if (this.isCut) throw new InterruptedError();
    requireUse(rows, use);
    const file = openTable(rows.declared);
    const { table } = file;
    const { ordinal, options } = rows.declared;
    const pool = this.leasing.poolOf(ordinal, table);
    const number = pool.take() ?? (await this.waitFor(pool));
    if (number === undefined) {
      if (table.whenEmpty === 'stop-run') return this.stopRun(`${table.name} has no row left`);
      return this.stopUser();
    }
    if (use === 'borrow') {
      const until = this.task === 'onStart' ? this.keptToTheEnd : this.borrowed;
      until.push({ pool, row: number });
      this.gateChanged();
    }
    const row = file.read(rowOf(options.order ?? 'sequential', number, table.rows, table.seed)) as T;
    this.leasing.leased(use, table.name, row);
    return row;
  }

  private giveBack(borrowed: Borrowed[]): void {
    if (borrowed.length === 0) return;
    for (const { pool, row } of borrowed.splice(0)) pool.giveBack(row);
    this.gateChanged();
  }

  /** @returns undefined if no row is left */
  private async waitFor(pool: RowPool): Promise<number | undefined> {
    const waits = (this.waits ??= new Set());
    let end = (): void => {};
    try {
      return await new Promise<number | undefined>((resolve, reject) => {
        const look = (): void => {
          if (this.isStopping && pool.isEmpty) reject(USER_STOPPED);
        };
        const stopWaiting = pool.wait({ take: resolve, none: () => resolve(undefined), lacks: look });
        const forgetCut = this.onCut(() => reject(new InterruptedError()));
        waits.add(look);
        end = () => {
          stopWaiting();
          forgetCut();
          waits.delete(look);
        };
      });
    } catch (error) {
      if (error === USER_STOPPED) return this.unwind(USER_STOPPED);
      throw error;
    } finally {
      end();
    }
  }
}

/** Authors of JavaScript have no compiler. @throws TypeError */
function requireUse(rows: unknown, use: RowUse): void {
  const { kind, use: has } = (rows ?? {}) as { kind?: unknown; use?: unknown };
  if (kind === 'table' && has === use) return;
  const call = use === 'once' ? 'take' : 'borrow';
  throw new TypeError(
    `${call}() needs test data with { use: '${use}' }, such as data.csv('./rows.csv', { use: '${use}' })`,
  );
}
