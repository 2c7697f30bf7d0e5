import type { Plan } from '@drumline/model';

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
