/** Runs in PostgreSQL: an output that writes them, and an archive that reads them. */
import type { OutputFactory } from '@drumline/outputs';
import { addressOf } from './connection/address.js';
import { PostgresOutput } from './output.js';

export { migrate } from './schema/migrate.js';
export { TABLES, type Column, type Table } from './tables.js';

export default {
  name: 'postgres',
  help: {
    text: 'A database of PostgreSQL or TimescaleDB',
    example: 'postgres=postgres://user@host/database',
  },
  create: (spec) => new PostgresOutput(addressOf(spec)),
} satisfies OutputFactory;
