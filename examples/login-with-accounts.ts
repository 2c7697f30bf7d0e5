// Every user logs in with its own account from a CSV file and keeps a basket. Workers that lack the
// file receive it before the run.
//
//   npx drumline run examples/login-with-accounts.ts
import { between, data, inOrder, ramp, scenario, user } from 'drumline';

const accounts = data.csv('./accounts.csv', { columns: { name: String, password: String } });

const buyer = user(
  'buyer',
  // The types of `state` and `data` in every task.
  {
    state: () => ({ basket: [] as number[] }),
    // There are fewer accounts than users, so some share one. By default, that is an error before
    // the run.
    data: { account: accounts.perUser({ whenEmpty: 'repeat' }) },
  },
  {
    wait: between('100ms', '400ms'),
    async onStart({ http, check, data: { account } }) {
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
  },
);

export default scenario({
  target: 'http://127.0.0.1:8000',
  users: [buyer],
  load: ramp({ to: 10, over: '2s' }).hold('8s'),
});
