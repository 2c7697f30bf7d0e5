// Redis with ioredis: `measure` times each command as a request of the report.
//
//   npx drumline run examples/redis/scenario.ts --param redis=redis://127.0.0.1:6379
import { Redis } from 'ioredis';
import { exponential, param, scenario, startWith, task, user } from 'drumline';

const url = param('redis', { default: 'redis://127.0.0.1:6379', help: 'URL of the server' });
const products = param('products', { default: 1_000, min: 1, help: 'keys to read and write' });

/** Commands fail at once if the connection is lost: a client that waits hides the failure. */
function openRedis(): Redis {
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 1_000,
  });
  // The commands throw these errors, too.
  redis.on('error', () => {});
  return redis;
}

function randomKey(): string {
  return `product:${Math.floor(Math.random() * products)}`;
}

const shop = user('shop', () => ({ redis: openRedis() }), {
  // Each user is one instance of the shop, with a connection of its own.
  wait: exponential('10ms', { max: '1s' }),
  onStart: async ({ measure, state: { redis } }) => {
    await measure({ protocol: 'redis', method: 'CONNECT', name: 'cache' }, () => redis.connect());
  },
  onStop: ({ state: { redis } }) => redis.quit(),
  tasks: {
    read: task(8, async ({ measure, check, state: { redis } }) => {
      const key = randomKey();
      const text = await measure({ protocol: 'redis', method: 'GET', name: 'product' }, () => redis.get(key));
      check(text, { 'a product is cached': (value) => value !== null });
    }),
    write: async ({ measure, state: { redis } }) => {
      const value = JSON.stringify({ cents: Math.floor(Math.random() * 10_000) });
      await measure({ protocol: 'redis', method: 'SET', name: 'product' }, () =>
        redis.set(randomKey(), value, 'EX', 3_600),
      );
    },
    // A pipeline is one round trip, so it is one request.
    list: async ({ measure, check, state: { redis } }) => {
      const keys = Array.from({ length: 10 }, randomKey);
      const found = await measure({ protocol: 'redis', method: 'MGET', name: 'list of 10' }, () =>
        redis.mget(keys),
      );
      check(found, { 'all are cached': (values) => values.every((value) => value !== null) });
    },
  },
});

export default scenario({
  users: [shop],
  load: startWith(20).hold('10s'),
  setup: async () => {
    const redis = openRedis();
    await redis.connect();
    const pipeline = redis.pipeline();
    for (let id = 0; id < products; id += 1) pipeline.set(`product:${id}`, '{"cents":100}');
    await pipeline.exec();
    await redis.quit();
  },
});
