import type { DueTimes, LocalArtifact, Table } from '@drumline/model';
import { DueTimesFile } from '../../artifacts/due-times-file.js';
import type { DeclaredTable } from './declarations.js';
import { TableFile } from './table-file.js';

let installed: readonly Table<LocalArtifact>[] = [];
const opened = new Map<number, TableFile>();
const dueTimes = new Map<number, DueTimes>();

/** Sets the tables of the run, in the order of their declarations. */
export function installTables(tables: readonly Table<LocalArtifact>[] = []): void {
  for (const file of opened.values()) file.close();
  opened.clear();
  dueTimes.clear();
  installed = tables;
}

/** @throws Error outside a lane, such as while the scenario is loaded */
export function openTable({ ordinal, source, options }: DeclaredTable): TableFile {
  const known = opened.get(ordinal);
  if (known !== undefined) return known;
  const table = installed[ordinal];
  if (table === undefined) {
    throw new Error(
      `The rows of data.${source.kind}(…) can be read in tasks, setup and hooks on workers, but not while the scenario is loaded or on the master.`,
    );
  }
  const file = new TableFile(table, options);
  opened.set(ordinal, file);
  return file;
}

/** The due times of a replayed file, which are a table of the run. */
export function openDueTimes(table: number): DueTimes {
  const times = dueTimes.get(table) ?? new DueTimesFile(installed[table]!);
  dueTimes.set(table, times);
  return times;
}
