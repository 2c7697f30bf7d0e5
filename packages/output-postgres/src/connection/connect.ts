import pg from 'pg';
import { failureOf } from './failure.js';

const CONNECT_LIMIT_MS = 5_000;

/** How to reach a database. */
export interface Address {
  /** A connection string; undefined to use the variables of libpq, such as PGHOST. */
  readonly url: string | undefined;
  readonly schema: string;
}

/**
 * Connects to a database.
 * @throws OutputError if repeating is useless
 */
export async function connect({ url }: Address): Promise<pg.Client> {
  const client = new pg.Client({
    ...(url !== undefined && { connectionString: url }),
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    keepAlive: true,
    application_name: 'drumline',
  });
  // The next query fails, too.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    void client.end().catch(() => {});
    throw failureOf(error);
  }
}

/** Connects for one purpose, and disconnects afterwards. */
export async function withClient<T>(address: Address, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(address);
  try {
    return await use(client);
  } catch (error) {
    throw failureOf(error);
  } finally {
    await client.end().catch(() => {});
  }
}
