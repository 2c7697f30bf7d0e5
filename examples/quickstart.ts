// The first scenario: shoppers who log in, browse and buy. Run it with
//   npx drumline run examples/quickstart.ts --target http://127.0.0.1:8000
import { between, ramp, scenario, task, user } from 'drumline';

const shopper = user('shopper', {
  weight: 3,
  wait: between('100ms', '500ms'),
  async onStart({ http }) {
    await http.post('/login', { json: { user: 'demo' } });
  },
  tasks: {
    browse: task(3, async ({ http, check }) => {
      const page = await http.get('/products?page=2', { name: '/products' });
      check(page, {
        'status is 200': (response) => response.status === 200,
        'there are products': (response) => response.json<unknown[]>().length > 0,
      });
    }),
    buy: async ({ http }) => {
      await http.post('/cart', { json: { sku: 7 } });
    },
  },
});

const visitor = user('visitor', {
  wait: between('200ms', '1s'),
  tasks: {
    home: async ({ http }) => {
      await http.get('/');
    },
    product: task(2, async ({ http }) => {
      const id = Math.floor(Math.random() * 20);
      await http.get(`/products/${id}`, { name: '/products/{id}' });
    }),
  },
});

export default scenario({
  target: 'http://127.0.0.1:8000',
  users: [shopper, visitor],
  load: ramp({ to: 50, over: '5s' }).hold('10s'),
  // With thresholds, only they decide whether the run passes.
  thresholds: ['error rate < 1%', 'checks > 99%', { of: 'GET /products', is: 'p95 < 1s' }],
});
