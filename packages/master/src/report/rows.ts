import { byId, leasedTablesOf, RowLeases, type Note, type Plan, type SharedEntry } from '@drumline/model';
import type { RowsResult } from '@drumline/wire';
import { clientOf } from '../allocation/shared-clients.js';

type Tallies = Pick<RowLeases, 'tallyOf'>;
type Names = readonly { readonly peer: string; readonly id: string }[];

/**
 * What became of the rows that were used once or borrowed.
 * @param isOver whether the run has ended, so that lanes report nothing more
 */
export function rowResults(
  { tables = [] }: Pick<Plan, 'tables'>,
  leases: Tallies,
  workers: Names,
  isOver: boolean,
): RowsResult[] {
  return tables.flatMap(({ name, use, rows }, ordinal) => {
    const tally = use && leases.tallyOf(ordinal);
    if (!tally) return [];
    const lost = tally.holders.flatMap(({ client, held, isOver: hasEnded }) => {
      if (held === 0 || !(hasEnded || isOver)) return [];
      const { peer, lane } = clientOf(client);
      return [{ worker: workers.find((worker) => worker.peer === peer)?.id ?? peer, lane, rows: held }];
    });
    const used = tally.holders.reduce((sum, holder) => sum + holder.used, 0);
    return [{ table: name, use, rows, issued: tally.issued, used, lost: merged(lost) }];
  });
}

/** The same for a stored run. @param entries the state that lanes shared */
export function storedRowResults(
  plan: Pick<Plan, 'tables'>,
  entries: readonly SharedEntry[],
  workers: Names,
  isOver: boolean,
): RowsResult[] {
  const leases = new RowLeases(leasedTablesOf(plan.tables));
  for (const [key, value] of entries)
    if (key.startsWith('rows/')) leases.restore(key.slice('rows/'.length), value);
  return rowResults(plan, leases, workers, isOver);
}

/** A note on rows that may have been used, if there are any. */
export function rowNotes(results: readonly RowsResult[]): Note[] {
  return results.flatMap(({ table, use, lost }) => {
    const rows = lost.reduce((sum, one) => sum + one.rows, 0);
    if (rows === 0) return [];
    const count = rows === 1 ? '1 row' : `${rows} rows`;
    const who = lost.map(({ worker, lane }) => `${worker}/${lane}`).join(', ');
    const message =
      use === 'once'
        ? `${count} of ${table} may have been used or not: ${who} had them and ended without a report. No other user got them.`
        : `${count} of ${table} had been borrowed by users of ${who} and did not come back before the end of the run.`;
    return [{ code: 'rows-lost', message }];
  });
}

/** Lanes that were restarted and lost rows again are one entry. */
function merged(lost: RowsResult['lost']): RowsResult['lost'] {
  const byLane = new Map<string, RowsResult['lost'][number]>();
  for (const one of lost) {
    const id = `${one.worker}/${one.lane}`;
    byLane.set(id, { ...one, rows: one.rows + (byLane.get(id)?.rows ?? 0) });
  }
  return [...byLane]
    .map(([id, one]) => ({ id, one }))
    .sort(byId)
    .map(({ one }) => one);
}
