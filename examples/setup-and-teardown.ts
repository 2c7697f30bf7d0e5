// Setup and teardown run once for the whole run, on one worker, before and after all users. All
// users can read what setup returns.
//
//   npx drumline run examples/setup-and-teardown.ts --workers 2
import { constant, scenario, setup, startWith, user } from 'drumline';

const catalog = setup(async ({ http }) => {
  const products = (await http.get('/products')).json<{ id: number; name: string }[]>();
  if (products.length === 0) throw new Error('the shop is empty: nothing to test');
  return products;
});

const visitor = user('visitor', {
  wait: constant('200ms'),
  tasks: {
    look: async ({ http, user: { index } }) => {
      const { id } = catalog.result[index % catalog.result.length]!;
      await http.get(`/products/${id}`, { name: '/products/{id}' });
    },
  },
});

export default scenario({
  target: 'http://127.0.0.1:8000',
  users: [visitor],
  load: startWith(10).hold('5s'),
  setup: catalog,
  teardown: async ({ http }) => {
    await http.post('/login', { json: { user: 'janitor' } });
  },
  onMaster: {
    runStart: ({ run }) => console.log(`run ${run.id} begins`),
    workerLost: ({ worker, reason }) => console.log(`lost ${worker}: ${reason}`),
  },
});
