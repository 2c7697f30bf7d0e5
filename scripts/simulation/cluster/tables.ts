import type { DueTimes, Plan } from '@drumline/model';
import { LOG_TABLES, LOG_TIMES } from './logs.js';

const FILE = { id: '0'.repeat(64), size: 0, path: '' };
const TABLE = { name: 'rows', format: 'lines' as const, seed: 1, data: FILE, index: FILE };

/**
 * The test data of each run: users take the rows of the first table, and borrow those of the second
 * one. There are no files: workers do not hear of the tables.
 */
export const TABLES = [
  { ...TABLE, rows: 60, use: 'once' },
  { ...TABLE, rows: 4, use: 'borrow' },
] as const satisfies Plan['tables'];

/** All tables of the plan: test data, and the times of logs that are replayed. */
export const PLAN_TABLES: Plan['tables'] = [...TABLES, ...LOG_TABLES];

/** The number of the table with the times of a log. */
export function tableOfLog(log: number): number {
  return TABLES.length + log;
}

/** The times of a table of the plan. */
export function openTimes(table: number): DueTimes {
  return LOG_TIMES[table - TABLES.length]!;
}
