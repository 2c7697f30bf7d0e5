/** Runs in PostgreSQL: an output that writes them, and an archive that reads them. */
import type { ArchiveModule, OutputFactory } from '@drumline/outputs';
import { PostgresArchive } from './archive/archive.js';
import { addressOf, POSTGRES_OPTIONS } from './connection/address.js';
import { PostgresOutput } from './output.js';

/** Opens the runs of a database for reading. */
export const openArchive: ArchiveModule['openArchive'] = (spec) => new PostgresArchive(addressOf(spec));

export { migrate } from './schema/migrate.js';
export { TABLES, type Column, type Table } from './tables.js';

export default {
  name: 'postgres',
  help: {
    text: 'Write runs, seconds and series to PostgreSQL or TimescaleDB',
    example: 'postgres=postgres://USER:PASSWORD@HOST/DATABASE',
    options: POSTGRES_OPTIONS,
  },
  create: (spec) => new PostgresOutput(addressOf(spec)),
} satisfies OutputFactory;
