// Custom metrics, tags that tell requests apart, and tags that select tasks.
//
//   npx drumline run examples/metrics-and-tags.ts
//   npx drumline run examples/metrics-and-tags.ts --tags read
import { anyOf, counter, gauge, rate, scenario, startWith, task, throughput, trend, user } from 'drumline';

const orders = counter('orders');
const items = trend('items per order');
const bargains = rate('products under 20');
const catalogSize = gauge('products in the catalog');

const shopper = user('shopper', {
  wait: throughput(4),
  // Applies to every request of these users. The report separates series with different tags.
  tags: { tier: 'gold' },
  async onStart({ http }) {
    await http.post('/login', { json: { user: 'demo' } });
  },
  tasks: {
    read: task(
      { weight: 3, tags: ['read'] },
      anyOf({
        list: async ({ http }) => {
          const products = (await http.get('/products')).json<{ cents: number }[]>();
          catalogSize.set(products.length);
          for (const { cents } of products) bargains.add(cents < 2_000);
        },
        promoted: async ({ http }) => {
          await http.get('/products', { tags: { from: 'newsletter' } });
        },
      }),
    ),
    order: task({ tags: ['write'] }, async ({ http }) => {
      const count = 1 + Math.floor(Math.random() * 5);
      const answer = await http.post('/cart', { json: { sku: 7, count } });
      if (!answer.ok) return;
      orders.add();
      items.add(count);
    }),
  },
});

export default scenario({
  target: 'http://127.0.0.1:8000',
  users: [shopper],
  load: startWith(10).hold('5s'),
});
