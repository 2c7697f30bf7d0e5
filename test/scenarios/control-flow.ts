// Users that end iterations, themselves or their background work. There is one of each kind, with
// its own request names.
import { constant, counter, inOrder, scenario, startWith, task, user } from 'drumline';

const finallyRan = counter('finally ran');
const polls = counter('polls');

const wait = constant('100ms');
const fail = (): never => {
  throw new Error('no luck');
};

/** `inOrder` skips the steps after one that throws. */
const buyer = user('buyer', {
  fixedCount: 1,
  wait,
  tasks: inOrder({
    login: async ({ http }) => {
      await http.get('/products/1', { name: 'failed login' });
      fail();
    },
    buy: async ({ http }) => void (await http.get('/products/2', { name: 'purchase' })),
  }),
});

/** The iteration ends even if the task catches all errors. */
const stubborn = user('stubborn', {
  fixedCount: 1,
  wait,
  tasks: {
    async catches({ http, iteration, sleep }) {
      await http.get('/products/1', { name: 'before the end' });
      try {
        iteration.end();
      } catch {
        // As user code does.
      } finally {
        finallyRan.add();
      }
      await sleep(1).catch(() => {});
      await http.get('/products/1', { name: 'after the end' });
    },
  },
});

const once = user('once', {
  fixedCount: 1,
  wait,
  onStop: async ({ http }) => void (await http.get('/products/1', { name: 'once: stop' })),
  tasks: inOrder({
    async only({ http, user: me }) {
      await http.get('/products/1', { name: 'once' });
      me.stop();
    },
    never: async ({ http }) => void (await http.get('/products/1', { name: 'once: never' })),
  }),
});

const leavesAtStart = user('leaves at start', {
  fixedCount: 1,
  onStart: ({ user: me }) => me.stop(),
  onStop: async ({ http }) => void (await http.get('/products/1', { name: 'left at start: stop' })),
  tasks: {
    never: async ({ http }) => void (await http.get('/products/1', { name: 'left at start: never' })),
  },
});

const unable = user('unable', {
  fixedCount: 2,
  onFailure: { onStart: 'stop-user' },
  async onStart({ http }) {
    await http.get('/products/1', { name: 'start of unable' });
    fail();
  },
  onStop: async ({ http }) => void (await http.get('/products/1', { name: 'unable: never' })),
  tasks: { never: async ({ http }) => void (await http.get('/products/1', { name: 'unable: never' })) },
});

const carefree = user('carefree', {
  fixedCount: 1,
  wait,
  onFailure: { onStart: 'continue' },
  onStart: fail,
  tasks: { shop: async ({ http }) => void (await http.get('/products/1', { name: 'carefree' })) },
});

/** One user stops at its first failure. The state of the other cannot be created. */
const strict = user('strict', {
  fixedCount: 1,
  wait,
  onFailure: 'stop-user',
  tasks: {
    async shop({ http }) {
      await http.get('/products/1', { name: 'strict' });
      fail();
    },
  },
});
const stateless = user('stateless', (): object => fail(), {
  fixedCount: 1,
  onFailure: { onStart: 'stop-user' },
  tasks: { never: async ({ http }) => void (await http.get('/products/1', { name: 'stateless: never' })) },
});

/** Its wait time throws. The user continues, slowly. */
const impatient = user('impatient', {
  fixedCount: 1,
  wait: { delayMs: fail },
  tasks: { look: async ({ http }) => void (await http.get('/products/1', { name: 'impatient' })) },
});

/** Runs `onStop` even if it is interrupted in its sleep. */
const sleeper = user('sleeper', {
  fixedCount: 1,
  onStart: async ({ http }) => void (await http.post('/login', { name: 'sleeper: login' })),
  onStop: async ({ http, check }) => {
    const reply = await http.get('/products/1', { name: 'sleeper: stop' });
    check(reply, { 'cut off users have their cookies and onStop': ({ ok }) => ok });
  },
  tasks: { sleep: ({ sleep }) => sleep('1h') },
});

const poller = user('poller', {
  fixedCount: 1,
  wait,
  onStart({ background }) {
    background(async ({ http, sleep }) => {
      for (;;) {
        await http.get('/products/3', { name: 'poll' });
        polls.add();
        await sleep('50ms');
      }
    });
    background(async ({ sleep }) => {
      await sleep('10ms');
      throw new Error('the background broke');
    });
  },
  tasks: {
    shop: task({ onFailure: 'continue' }, async ({ iteration }) => iteration.end()),
  },
});

const walker = user('walker', {
  fixedCount: 1,
  wait,
  tasks: {
    async walk({ http, step, measure, iteration }) {
      const found = await step('journey', async () => {
        await step('first half', () => http.get('/products/1', { name: 'walk 1' }));
        return await http.get('/products/2', { name: 'walk 2' });
      });
      if (found.status !== 200) fail();
      await step('broken', fail).catch(() => {});
      await measure({ protocol: 'job', name: 'holds a request' }, () =>
        http.get('/products/2', { name: 'walk 3' }),
      );
      await measure({ protocol: 'job', name: 'holds none' }, () => 1);
      await step('left', () => iteration.end());
    },
  },
});

export default scenario({
  users: [
    buyer,
    stubborn,
    once,
    leavesAtStart,
    unable,
    carefree,
    strict,
    stateless,
    impatient,
    sleeper,
    poller,
    walker,
  ],
  load: startWith(13).hold('3s'),
  stopTimeout: '300ms',
});
