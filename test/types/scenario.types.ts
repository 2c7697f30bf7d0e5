// The types of the scenario API. This file must compile and need not run; each marked line must not
// compile.
import {
  anyOf,
  between,
  constant,
  counter,
  inOrder,
  pacing,
  param,
  ramp,
  scenario,
  secrets,
  setup,
  task,
  throughput,
  user,
  type EventStream,
  type HttpResponse,
  type Scenario,
  type ServerEvent,
  type UserType,
  type WsAnswer,
  type WsConnection,
  type WsMessage,
} from 'drumline';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only for the type `true`. */
function is<_T extends true>(): void {}

// The state is inferred in every place that accepts a function of the user type.
interface State {
  cart: number[];
}
scenario({ users: [user('any', { tasks: { look() {} } })], outputs: ['ndjson=seconds.ndjson'] });
// @ts-expect-error -- outputs are a list
scenario({ users: [user('any', { tasks: { look() {} } })], outputs: 'ndjson=seconds.ndjson' });

const shopper = user('shopper', (): State => ({ cart: [] }), {
  weight: 3,
  wait: between('1s', '3s'),
  onStart({ state }) {
    is<Equal<typeof state, State>>();
  },
  onStop: ({ state }) => state.cart.length,
  tasks: {
    plain({ state }) {
      is<Equal<typeof state, State>>();
    },
    arrow: ({ state }) => void state.cart.push(1),
    weighted: task(3, ({ state }) => {
      is<Equal<typeof state, State>>();
    }),
    tagged: task({ weight: 2, tags: ['slow'] }, async ({ state, http }) => {
      is<Equal<typeof state, State>>();
      await http.get('/');
    }),
    ordered: inOrder({
      first({ state }) {
        is<Equal<typeof state, State>>();
      },
      second: task(2, ({ state }) => state.cart),
    }),
    chosen: task(
      2,
      anyOf(
        {
          a: ({ state }) => state.cart,
          b: inOrder({ c: ({ state }) => state.cart }),
        },
        { picks: 2 },
      ),
    ),
  },
});
is<Equal<typeof shopper, UserType<State, 'shopper'>>>();

const inferred = user('inferred', () => ({ cart: [] as number[], name: 'x' }), {
  tasks: inOrder({
    a({ state }) {
      is<Equal<typeof state, { cart: number[]; name: string }>>();
    },
  }),
});

// Without `state`, the state is undefined.
const visitor = user('visitor', {
  tasks: {
    look({ state, user: me }) {
      is<Equal<typeof state, undefined>>();
      is<Equal<typeof me.index, number>>();
      is<Equal<ReturnType<typeof me.stop>, never>>();
    },
  },
});

user('wrong', () => ({ cart: [] as number[] }), {
  tasks: {
    // @ts-expect-error: the state has no such field
    a: ({ state }) => state.basket,
    // @ts-expect-error: nor within task()
    b: task(1, ({ state }) => state.basket),
    c: inOrder({
      // @ts-expect-error: nor within inOrder()
      d: ({ state }) => state.basket,
    }),
  },
});

// @ts-expect-error: tasks are missing
user('wrong', {});
// @ts-expect-error: tasks are missing, with a state
user('wrong', () => 1, { weight: 2 });
// @ts-expect-error: a task is not text
user('wrong', { tasks: { a: 'GET /' } });
// @ts-expect-error: tasks within tasks are a group
user('wrong', { tasks: { a: { b() {} } } });
// @ts-expect-error: a misspelt option
user('wrong', { wieght: 2, tasks: { a() {} } });
// @ts-expect-error: a wait time comes from a function
user('wrong', { wait: '1s', tasks: { a() {} } });
// @ts-expect-error: a weight is a number
task('3', () => {});
// @ts-expect-error: tags are strings
task({ tags: [1] }, () => {});
// @ts-expect-error: a group needs tasks
inOrder();

// Durations are numbers of milliseconds or strings with a unit.
constant(250);
constant('250ms');
between('1s', '1.5m');
pacing('1h');
throughput(0.5);
// @ts-expect-error: unknown unit
constant('1 day');
// @ts-expect-error: no unit
between('1', '2s');
// @ts-expect-error: no number
pacing('a minute');
// @ts-expect-error: a throughput is a number per second
throughput('2/s');

// Requests and checks.
user('checker', {
  tasks: {
    async check({ http, check, measure, record, sleep, signal }) {
      const page = await http.get('/products?page=2', { name: '/products' });
      is<Equal<typeof page, HttpResponse>>();
      const passed = check(page, {
        'status is 200': (response) => response.status === 200,
        typed(response) {
          is<Equal<typeof response, HttpResponse>>();
          return response.status < 500;
        },
      });
      is<Equal<typeof passed, boolean>>();
      check(5, { positive: (n) => n > 0 });
      // @ts-expect-error: a condition returns a boolean
      check(page, { wrong: (response) => response.status });
      // @ts-expect-error: a response has no such field
      check(page, { wrong: (response) => response.statusCode === 200 });
      const measured = await measure({ protocol: 'redis', name: 'get' }, () => Promise.resolve(5));
      is<Equal<typeof measured, number>>();
      record({ protocol: 'mqtt', name: 'publish', durationMs: 1.5 });
      // @ts-expect-error: a sample needs a duration
      record({ protocol: 'mqtt', name: 'publish' });
      await sleep('1s');
      // @ts-expect-error: not a duration
      await sleep('soon');
      is<Equal<typeof signal, AbortSignal>>();
      counter('orders').add();
      // @ts-expect-error: a counter counts numbers
      counter('orders').add('one');
    },
  },
});

// WebSockets.
user('listener', () => ({ feed: undefined as WsConnection | undefined }), {
  async onStart({ ws, state }) {
    state.feed = await ws.connect('/feed', {
      protocols: ['v2'],
      headers: { 'x-room': 7 },
      timeout: '5s',
      compress: true,
    });
  },
  tasks: {
    async listen({ state: { feed } }) {
      if (feed === undefined) return;
      feed.send('text');
      feed.send(new Uint8Array(4));
      feed.send({ op: 'get' });
      // @ts-expect-error: a number is not a message
      feed.send(5);
      const answer = await feed.request({ op: 'get' }, (message) => message.json<{ id: number }>().id === 1);
      is<Equal<typeof answer, WsAnswer>>();
      is<Equal<ReturnType<typeof answer.json<{ id: number }>>, { id: number }>>();
      await feed.expect(() => true, { name: 'news', timeout: '2s' });
      // @ts-expect-error: a test returns a boolean
      await feed.expect((message) => message.text());
      // @ts-expect-error: not a duration
      await feed.expect(() => true, { timeout: 'soon' });
      is<Equal<Awaited<ReturnType<typeof feed.ping>>, number>>();
      for await (const message of feed) is<Equal<typeof message, WsMessage>>();
      await feed.close(1000, 'bye');
      is<Equal<typeof feed.closeCode, number | undefined>>();
    },
  },
});

// Arguments and results of the HTTP client.
user('caller', {
  http: { timeout: '5s', version: '1.1', tls: { minVersion: 'TLSv1.2' }, dns: { family: 4 } },
  tasks: {
    async call({ http }) {
      const { version, opened, timing, sha256, bodyBytes } = await http.put('/file', {
        body: async function* () {
          yield 'text';
          yield new Uint8Array(1);
        },
        bodyLength: 5,
        responseBody: 'hash',
        firstByteTimeout: '1s',
        expect: (response) => response.bodyBytes > 0 || 'empty',
      });
      is<Equal<typeof version, string>>();
      is<Equal<(typeof opened)[number]['tcpMs'], number>>();
      is<Equal<typeof timing.waitMs, number>>();
      is<Equal<typeof sha256, string | undefined>>();
      is<Equal<typeof bodyBytes, number>>();
      for await (const piece of (await http.get('/', { responseBody: 'stream' })).body) {
        is<Equal<typeof piece, Uint8Array>>();
      }
      const stream = http.events('/prices', { method: 'POST', json: {}, reconnect: true, listenFor: '1s' });
      is<Equal<typeof stream, EventStream>>();
      for await (const event of stream) {
        is<Equal<typeof event, ServerEvent>>();
        const price = event.json<{ cents: number }>();
        is<Equal<typeof price, { cents: number }>>();
      }
      http.auth({ username: 'a', password: 'b', digest: true });
      http.auth({ bearer: 'token' });
      http.auth();
      // @ts-expect-error: a password is missing
      http.auth({ username: 'a' });
      // @ts-expect-error: bodies are bytes or strings
      await http.post('/', { body: [1, 2, 3] });
      // @ts-expect-error: unknown handling of a body
      await http.get('/', { responseBody: 'drop' });
      // @ts-expect-error: unknown option
      await http.get('/', { timout: '5s' });
      // @ts-expect-error: a stream has no `expect`
      http.events('/prices', { expect: 200 });
    },
  },
});
// @ts-expect-error: unknown setting
user('wrong', { http: { timout: '5s' }, tasks: { a() {} } });
// @ts-expect-error: unknown version
user('wrong', { http: { version: 2 }, tasks: { a() {} } });

// Readers of a setup result have its type.
const accounts = setup(async ({ http }) => ({ tokens: [(await http.get('/token')).status] }));
is<Equal<typeof accounts.result, { tokens: number[] }>>();
// @ts-expect-error: the result has no such field
export const wrongResult = (): unknown => accounts.result.names;
// @ts-expect-error: the result is read-only
export const setResult = (): unknown => (accounts.result = { tokens: [] });

// Scenarios.
const whole = scenario({
  target: 'https://shop.example',
  users: [shopper, inferred, visitor],
  load: ramp({ to: 500, over: '2m' }).hold('10m'),
  stopTimeout: '10s',
  setup: accounts,
  teardown: ({ http }) => http.post('/reset'),
  onMaster: { workerLost: ({ worker, reason }) => [worker, reason] },
  onWorker: { runStart: ({ worker, lane }) => `${worker} ${lane}` },
});
is<Equal<typeof whole, Scenario>>();
scenario({ users: [visitor], setup: ({ http }) => http.get('/warm-up') });
// @ts-expect-error: users are missing
scenario({ target: 'https://shop.example' });
// @ts-expect-error: a user type comes from user()
scenario({ users: ['visitor'] });
// @ts-expect-error: unknown event
scenario({ users: [visitor], onMaster: { runPaused() {} } });
// @ts-expect-error: a load comes from ramp(), startWith(), arrivals() or iterations()
scenario({ users: [visitor], load: 50 });
// @ts-expect-error: not a duration
scenario({ users: [visitor], stopTimeout: 'soon' });

// Secrets are read-only strings by name.
is<Equal<typeof secrets, Readonly<Record<string, string>>>>();
// @ts-expect-error
secrets['PASSWORD'] = 'other';

const items = param('items', { default: 3, min: 1, help: 'per basket' });
is<Equal<typeof items, number>>();
const profile = param('profile', { choices: ['smoke', 'load'], env: 'PROFILE' });
is<Equal<typeof profile, 'smoke' | 'load' | undefined>>();
const holdFor = param('hold', { kind: 'duration', default: '5m' });
ramp({ to: items, over: holdFor });
const key = param('key', { required: true, secret: true });
is<Equal<typeof key, string>>();
is<Equal<ReturnType<typeof param<{ default: false }>>, boolean>>();
// @ts-expect-error: an unknown option
param('wrong', { defualt: 1 });
// @ts-expect-error: an unknown kind
param('wrong', { kind: 'integer' });
