// A journey that ends when it cannot continue: steps, failures, background work, and a scenario
// that stops the run.
//
//   npx drumline run examples/journey.ts
import { between, inOrder, scenario, startWith, user } from 'drumline';

const visitor = user('visitor', {
  wait: between('100ms', '300ms'),
  // A failed `onStart` stops its user. The report counts the users that did not start.
  onFailure: { onStart: 'stop-user' },
  async onStart({ http, background }) {
    const login = await http.post('/login', { json: { user: 'demo' } });
    if (!login.ok) throw new Error(`no login: ${login.failure}`);
    // Runs beside the tasks and ends with the user.
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
      // Not an exception: the rest of this iteration is skipped.
      if (!cart.ok) iteration.end();
    },
    async pay({ http, run }) {
      const paid = await http.get('/status/200', { name: 'pay', expect: [200, 402, 503] });
      if (paid.status === 503) run.stop('payments are down');
    },
  }),
  // Also runs for users that are interrupted at the end of the run.
  async onStop({ http }) {
    await http.get('/', { name: 'goodbye' });
  },
});

export default scenario({
  target: 'http://127.0.0.1:8000',
  users: [visitor],
  load: startWith(5).hold('5s'),
});
