import { TABLES_1 } from './tables-1.js';
import { VIEWS_1 } from './views-1.js';

/**
 * What makes version n of the schema from version n - 1, at index n - 1. A released entry never
 * changes; add another.
 */
export const MIGRATIONS: readonly string[] = [TABLES_1 + VIEWS_1];
