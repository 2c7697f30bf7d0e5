import type { Millis, Table } from '@drumline/model';
import type { Timing } from '../load/member.js';
import type { SharedClient } from './lane-shared.js';
import { RowPool, type RowLease } from './row-pool.js';

/** What happens when no row is left, unless the scenario says otherwise. */
const WHEN_EMPTY = { once: 'stop-user', borrow: 'wait' } as const;

/** A lane that is too late at the end is killed. The master may be away for longer. */
const CLOSE_WITHIN_MS: Millis = 3_000;

/** The rows that a lane has leased, by table. */
export class LeasedRows {
  private readonly pools = new Map<number, RowPool>();

  constructor(
    private readonly shared: SharedClient,
    private readonly timing: Timing,
    private readonly lease: RowLease,
  ) {}

  /** @param ordinal number of the table among those of the plan */
  poolOf(ordinal: number, table: Pick<Table, 'use' | 'whenEmpty'>): RowPool {
    const known = this.pools.get(ordinal);
    if (known) return known;
    const { use = 'once' } = table;
    const whenEmpty = table.whenEmpty ?? WHEN_EMPTY[use];
    const about = { table: ordinal, use, whenEmpty };
    const pool = new RowPool(about, this.shared, this.timing, this.lease);
    this.pools.set(ordinal, pool);
    return pool;
  }

  /**
   * Gives back what no user has. Called when the users have stopped for good. Resolves when the
   * master knows it, or after a moment.
   */
  async close(): Promise<void> {
    if (this.pools.size === 0) return;
    const closed = Promise.all([...this.pools.values()].map((pool) => pool.close()));
    let cancel = (): void => {};
    const tooLate = new Promise<void>((resolve) => {
      cancel = this.timing.after(CLOSE_WITHIN_MS, resolve);
    });
    await Promise.race([closed, tooLate]);
    cancel();
  }

  /** The users were stopped because the master is silent. */
  hold(): void {
    for (const pool of this.pools.values()) pool.hold();
  }
}
