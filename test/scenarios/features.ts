// Uses each feature of a scenario a known number of times.
import {
  anyOf,
  constant,
  counter,
  gauge,
  inOrder,
  rate,
  scenario,
  setup,
  startWith,
  task,
  trend,
  user,
} from 'drumline';
import words from './words.csv';

const orders = counter('orders');
const queue = gauge('queue');
const hits = rate('cache_hits');
const cartSize = trend('cart_size');

const fixtures = setup(async ({ http }) => {
  const products = (await http.get('/products', { name: 'setup products' })).json<{ id: number }[]>();
  return { count: products.length };
});

const once = user('once', () => ({ steps: [] as string[] }), {
  fixedCount: 1,
  wait: constant('50ms'),
  tags: { tier: 'gold' },
  async onStart({ http, state }) {
    await http.post('/login', { json: { user: 'demo' } });
    state.steps.push('start');
  },
  onStop: async ({ http, state, check }) => {
    check(state, {
      'every step in order': ({ steps }) =>
        steps.join() === 'start,cart,checks,metrics,mark,group/a,group/b,pick',
    });
    await http.get('/products/1', { name: 'goodbye' });
  },
  tasks: inOrder({
    cart: async ({ http, state, check }) => {
      const reply = await http.post('/cart', { json: { sku: 1 }, tags: { step: 'cart' } });
      check(reply, { 'cookies are kept': ({ status }) => status === 201 });
      state.steps.push('cart');
    },
    checks: async ({ http, state, check }) => {
      const page = await http.get('/products?page=2', { name: 'product list' });
      check(page, {
        'the setup result is here': () => fixtures.result.count === 20,
        'never true': () => false,
        throws: () => {
          throw new Error('x');
        },
        'text travels with the bundle': () => words.trim() === 'alpha,beta',
      });
      state.steps.push('checks');
    },
    metrics: ({ state, record }) => {
      orders.add();
      orders.add(2);
      queue.set(5);
      queue.set(3);
      hits.add(true);
      hits.add(false);
      for (const size of [1, 2, 3, 4, 10]) cartSize.add(size);
      record({ protocol: 'mqtt', method: 'PUBLISH', name: 'topic', durationMs: 12.5, bytesSent: 10 });
      record({ protocol: 'mqtt', method: 'PUBLISH', name: 'topic', durationMs: 7.5, failure: 'no broker' });
      state.steps.push('metrics');
    },
    mark: async ({ http, state, measure }) => {
      await http.get('/status/503', { name: 'unavailable' });
      await http.get('/status/404', { name: 'expected 404', expect: 404 });
      await http.get('/status/200', { name: 'marked failed', expect: () => 'not what it should be' });
      (await http.get('/status/200', { name: 'failed later' })).fail('seen later');
      await measure({ protocol: 'job', name: 'fine' }, () => 1);
      await measure({ protocol: 'job', name: 'broken' }, () =>
        Promise.reject(new Error('out of order')),
      ).catch(() => {});
      state.steps.push('mark');
    },
    group: inOrder({
      a: ({ state }) => void state.steps.push('group/a'),
      b: task({ tags: ['b'] }, ({ state }) => void state.steps.push('group/b')),
    }),
    pick: anyOf({
      only: ({ state }) => void state.steps.push('pick'),
      never: task(0, () => {
        throw new Error('weight 0');
      }),
    }),
    end: task({ onFailure: 'continue' }, async ({ sleep }) => {
      throw new Error('this task always throws', { cause: await sleep('1ms') });
    }),
    rest: ({ sleep }) => sleep('1h'),
  }),
});

export default scenario({
  users: [once],
  load: startWith(1).hold('3s'),
  stopTimeout: '500ms',
  setup: fixtures,
  teardown: async ({ http }) =>
    void (await http.get('/products/2', { name: `teardown of ${fixtures.result.count}` })),
  onMaster: {
    runStart: ({ run }) => console.log(`hook: master starts ${run.scenario}`),
    runStop: ({ result }) =>
      console.log(`hook: master stops with ${result.exit} and ${result.totals.requests} requests`),
    second: ({ interval: { number, byUser } }) =>
      console.log(`hook: second ${number} has ${byUser['once']?.requests ?? 0} requests`),
    workerJoined: ({ worker }) => console.log(`hook: ${worker} joined`),
  },
  onWorker: {
    runStart: ({ worker, lane }) => console.log(`hook: ${worker}/${lane} starts`),
    tenSeconds: ({ lane, interval }) =>
      console.log(
        `hook: ${interval.seconds} seconds of lane ${lane} have ${interval.totals.requests} requests`,
      ),
    runStop: ({ worker, lane }) => console.log(`hook: ${worker}/${lane} stops`),
  },
});
