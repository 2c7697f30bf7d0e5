// Users share a counter, a queue and a map, and tell the target what they got.
import { scenario, shared, startWith, user } from 'drumline';

const orders = shared.counter('orders');
const jobs = shared.queue<{ id: number }>('jobs');
const owners = shared.map<string, { visits: number }>('owners');

const buyer = user('buyer', {
  tasks: {
    async order({ http, sleep }) {
      await http.get('/begin');
      const number = await orders.add(1);
      await http.get('/order', { query: { number }, name: '/order' });
      await jobs.push({ id: number });
      await sleep(20);
    },
  },
});
const packer = user('packer', {
  tasks: {
    async pack({ http, user: { index } }) {
      const job = await jobs.pop({ wait: '300ms' });
      if (job === undefined) return;
      await http.get('/pack', { query: { number: job.id }, name: '/pack' });
      await owners.update(`user-${index % 3}`, (now) => ({ visits: (now?.visits ?? 0) + 1 }));
      await http.get('/packed', { name: '/packed' });
    },
  },
});

export default scenario({
  users: [buyer, packer],
  load: { buyer: startWith(8).hold('60s'), packer: startWith(4).hold('60s') },
  setup: async () => {
    await Promise.all([1, 2, 3].map((n) => jobs.push({ id: -n })));
  },
  async teardown({ http }) {
    const left = await jobs.length();
    const visits = await Promise.all(
      [0, 1, 2].map(async (n) => (await owners.get(`user-${n}`))?.visits ?? 0),
    );
    await http.get('/end', {
      query: { orders: await orders.get(), left, visits: visits.reduce((a, b) => a + b) },
    });
  },
});
