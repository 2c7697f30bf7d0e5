import type { ClientId, SharedHandler, SharedHost } from '../shared-handler.js';
import type { RowsOp, RowsReply } from './rows-op.js';
import { TableLeases, type LeasedTable, type RowsTally } from './table-leases.js';

/** The leases of all tables of a run whose rows are used once or borrowed. */
export class RowLeases implements SharedHandler<RowsOp, RowsReply> {
  private readonly tables: ReadonlyMap<number, TableLeases>;

  constructor(tables: readonly LeasedTable[]) {
    this.tables = new Map(tables.map((about) => [about.table, new TableLeases(about)]));
  }

  apply(op: RowsOp, client: ClientId, host: SharedHost): RowsReply {
    return this.tables.get(op.table)?.apply(op, client, host) ?? { ranges: [], lack: 'none' };
  }

  ended(client: ClientId, host: SharedHost): void {
    for (const leases of this.tables.values()) leases.ended(client, host);
  }

  lost(client: ClientId, host: SharedHost): void {
    for (const leases of this.tables.values()) leases.lost(client, host);
  }

  lapsed(client: ClientId, host: SharedHost): void {
    for (const leases of this.tables.values()) leases.lapsed(client, host);
  }

  restore(key: string, value: unknown): void {
    const [, table, client] = /^(\d+)(?:\/(.*))?$/s.exec(key)!;
    this.tables.get(Number(table))?.restore(client, value);
  }

  /** What became of the rows of a table. */
  tallyOf(table: number): RowsTally | undefined {
    return this.tables.get(table)?.tally;
  }
}
