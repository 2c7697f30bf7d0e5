// A sale, as a complete example: customers who arrive at a rate, parameters, accounts from a CSV
// file, phases in turn, and thresholds that decide the verdict. See README.md beside this file.
import {
  arrivals,
  between,
  counter,
  data,
  inOrder,
  inTurn,
  param,
  scenario,
  startWith,
  user,
} from 'drumline';

const peak = param('peak', { default: 30, min: 1, help: 'customers per second in the peak' });
const hold = param('hold', { kind: 'duration', default: '8s', help: 'length of the peak' });
const basket = param('basket', { default: 2, min: 1, max: 20, help: 'products per order' });

const accounts = data.csv('./accounts.csv', { columns: { name: String, password: String, tier: String } });
const orders = counter('orders');

// One iteration of an arriving customer is the whole visit. The compiler knows the columns of the
// row, because `data` is declared before the tasks.
const customer = user(
  'customer',
  { data: { account: accounts.perIteration() } },
  {
    tasks: inOrder({
      logIn: async ({ http, check, data: { account } }) => {
        const { name, password } = account;
        const answer = await http.post('/login', { form: { name, password } });
        check(answer, { 'is logged in': () => http.cookies.get('session') !== undefined });
      },
      browse: async ({ http, sleep, random }) => {
        await http.get('/products');
        await sleep('100ms');
        await http.get(`/products/${Math.floor(random() * 20)}`, { name: '/products/:id' });
      },
      order: async ({ http, step, random, data: { account } }) => {
        // A row of its own for the whole order. Its requests are counted as usual.
        await step('checkout', async () => {
          for (let item = 0; item < basket; item += 1)
            await http.post('/cart', { json: { sku: Math.floor(random() * 20) } });
          const paid = await http.get('/slow', { query: { ms: 30 }, name: 'pay' });
          if (paid.ok) orders.add(1, { tags: { tier: account.tier } });
        });
      },
    }),
  },
);

// A few employees who stay for the whole phase and watch the stock.
const clerk = user('clerk', {
  wait: between('400ms', '800ms'),
  tasks: {
    stock: async ({ http, check }) => {
      const list = await http.get('/products', { name: 'stock' });
      check(list, { 'has products': (response) => response.json<unknown[]>().length > 0 });
    },
  },
});

export default scenario({
  target: 'http://127.0.0.1:8000',
  users: [customer, clerk],
  load: inTurn({
    warmUp: {
      customer: arrivals({ from: '1/s', to: `${peak}/s`, over: '3s' }),
      clerk: startWith(1).hold('3s'),
    },
    peak: { customer: arrivals(`${peak}/s`).hold(hold).random(), clerk: startWith(3).hold(hold) },
  }),
  thresholds: [
    // The warm-up does not count for the response times.
    { of: { phase: 'peak' }, is: 'p95 < 300ms' },
    { of: { phase: 'peak', name: 'pay' }, is: 'p99 < 500ms' },
    { of: { user: 'customer' }, is: 'dropped == 0' },
    { metric: 'orders', phase: 'peak', is: `rate > ${peak / 2}/s` },
    { check: 'is logged in', is: 'passes > 99%' },
    // Ends the run early if the target is down.
    { is: 'error rate < 1%', abort: { after: '5s' } },
  ],
});
