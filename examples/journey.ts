// A journey that ends when it cannot go on: steps, failures, work in the background, and a scenario
// that stops the run.
//
//   npx drumline run examples/journey.ts
import { between, inOrder, scenario, startWith, user } from 'drumline';

const visitor = user('visitor', {
  wait: between('100ms', '300ms'),
  // An `onStart` that fails stops its user; the report says how many did not start.
  onFailure: { onStart: 'stop-user' },
  async onStart({ http, background }) {
    const login = await http.post('/login', { json: { user: 'demo' } });
    if (!login.ok) throw new Error(`no login: ${login.failure}`);
    // Goes on beside the tasks and ends with the user.
    background(async ({ http: client, sleep, signal }) => {
      while (!signal.aborted) {
        await client.get('/', { name: 'notifications' });
        await sleep('1s');
      }
    });
  },
  tasks: inOrder({
    async shop({ http, step, iteration }) {
      // A separate row, which is not in the totals.
      const cart = await step('fill the cart', async () => {
        await http.get('/products');
        return await http.post('/cart', { json: { sku: 7 } });
      });
      // No exception: the rest of this journey is left out.
      if (!cart.ok) iteration.end();
    },
    async pay({ http, run }) {
      const paid = await http.get('/status/200', { name: 'pay', expect: [200, 402, 503] });
      if (paid.status === 503) run.stop('payments are down');
    },
  }),
  // Also for users that are cut off at the end of the run.
  async onStop({ http }) {
    await http.get('/', { name: 'goodbye' });
  },
});

export default scenario({
  target: 'http://127.0.0.1:8000',
  users: [visitor],
  load: startWith(5).hold('5s'),
});
