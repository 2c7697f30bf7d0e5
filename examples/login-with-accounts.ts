// Every user logs in with its own account from a CSV file and keeps a basket. The file is sent to
// the workers with the scenario, so they need no copy of it.
//
//   npx drumline run examples/login-with-accounts.ts
import { between, inOrder, ramp, scenario, user } from 'drumline';
import csv from './accounts.csv';

const accounts = csv
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [name = '', password = ''] = line.split(',');
    return { name, password };
  });

// The return type of this function is the type of `state` in every task.
const buyer = user('buyer', () => ({ basket: [] as number[] }), {
  wait: between('100ms', '400ms'),
  async onStart({ http, check, user: { index } }) {
    // No two running users share an index, over all workers.
    const account = accounts[index % accounts.length]!;
    const answer = await http.post('/login', { form: { ...account } });
    check(answer, { 'is logged in': () => http.cookies.get('session') !== undefined });
  },
  tasks: inOrder({
    look: async ({ http, state }) => {
      const products = (await http.get('/products')).json<{ id: number }[]>();
      state.basket = products.slice(0, 2).map(({ id }) => id);
    },
    buy: async ({ http, state }) => {
      for (const sku of state.basket) await http.post('/cart', { json: { sku } });
    },
  }),
});

export default scenario({
  target: 'http://127.0.0.1:8000',
  users: [buyer],
  load: ramp({ to: 10, over: '2s' }).hold('8s'),
});
