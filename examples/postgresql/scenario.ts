// PostgreSQL with pg: a pool in each lane, and a transaction as one request.
//
//   npx drumline run examples/postgresql/scenario.ts --param database=postgres://localhost/shop
import pg from 'pg';
import { exponential, param, scenario, startWith, task, user } from 'drumline';

const database = param('database', {
  default: 'postgres://127.0.0.1:5432/postgres',
  help: 'URL of the database',
});
const poolSize = param('pool', { default: 10, min: 1, help: 'connections of each lane' });

// Once in each lane. Users wait for a free connection, as in an application with a pool.
const pool = new pg.Pool({ connectionString: database, max: poolSize, connectionTimeoutMillis: 5_000 });
// The queries of the users throw these errors, too.
pool.on('error', () => {});

const customer = user('customer', {
  wait: exponential('20ms', { max: '1s' }),
  tasks: {
    look: task(5, async ({ measure, check }) => {
      const { rows } = await measure({ protocol: 'pg', method: 'SELECT', name: 'newest orders' }, () =>
        pool.query('SELECT id, cents FROM orders ORDER BY id DESC LIMIT 10'),
      );
      check(rows, { 'at most ten orders': ({ length }) => length <= 10 });
    }),
    order: async ({ measure, user: { index } }) => {
      await measure({ protocol: 'pg', method: 'INSERT', name: 'order' }, () =>
        pool.query('INSERT INTO orders (customer, cents) VALUES ($1, $2)', [index, 995]),
      );
    },
    // A transaction needs one connection. The times include the wait for it.
    pay: async ({ measure, user: { index } }) => {
      await measure({ protocol: 'pg', method: 'TRANSACTION', name: 'pay' }, async () => {
        const client = await pool.connect();
        try {
          await client.query('BEGIN');
          await client.query('INSERT INTO orders (customer, cents) VALUES ($1, $2)', [index, 495]);
          await client.query('INSERT INTO payments (customer, cents) VALUES ($1, $2)', [index, 495]);
          await client.query('COMMIT');
        } catch (error) {
          await client.query('ROLLBACK');
          throw error;
        } finally {
          client.release();
        }
      });
    },
  },
});

export default scenario({
  users: [customer],
  load: startWith(20).hold('10s'),
  setup: async () => {
    for (const table of ['orders', 'payments'])
      await pool.query(
        `CREATE TABLE IF NOT EXISTS ${table} (id bigserial PRIMARY KEY, customer integer, cents integer)`,
      );
  },
  onWorker: { runStop: () => pool.end() },
});
