/** Runs in PostgreSQL: an output that writes them, and an archive that reads them. */
export { migrate } from './schema/migrate.js';
export { TABLES, type Column, type Table } from './tables.js';
