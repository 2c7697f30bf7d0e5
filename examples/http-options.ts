// Options of the HTTP client: settings for all users and for one type, timeouts, bodies that are
// streamed, hashed or dropped, expectations, and authentication.
//
//   npx drumline run examples/http-options.ts
import { between, scenario, startWith, user } from 'drumline';

/** A body generated while it is sent: 64 pieces of 16 KB, few of them in memory at a time. */
async function* photo(): AsyncGenerator<Uint8Array> {
  for (let piece = 0; piece < 64; piece += 1) yield new Uint8Array(16_384).fill(piece);
}

const photographer = user('photographer', {
  wait: between('100ms', '300ms'),
  http: { timeout: '20s', connectionsPerUser: 2 }, // over those of the scenario
  onStart: ({ http }) => {
    // `digest` answers the server's challenges. Without it, every request carries the password.
    http.auth({ username: 'demo', password: 'secret', digest: true });
    http.headers.set('x-trace', 'photographer');
  },
  tasks: {
    upload: async ({ http, check }) => {
      // The function creates a new body if a redirect or a challenge requires the request again.
      const answer = await http.put('/upload', { body: photo, bodyLength: 64 * 16_384 });
      check(answer, { 'arrived whole': (r) => r.json<{ bytes: number }>().bytes === 1_048_576 });
    },
    both: async ({ http }) => {
      // At the same time, over two connections.
      await Promise.all([
        http.get('/products/1', { name: 'product' }),
        http.get('/products/2', { name: 'product' }),
      ]);
    },
  },
});

const reader = user('reader', {
  wait: between('50ms', '200ms'),
  tasks: {
    dropped: ({ http }) => http.get('/products', { responseBody: 'discard' }),
    hashed: async ({ http, check }) => {
      const { sha256 } = await http.get('/products/3', { responseBody: 'hash', name: 'product' });
      check(sha256, { 'has a sum': (sum) => sum?.length === 64 });
    },
    streamed: async ({ http, check }) => {
      // Resolves with the head. The body's pieces arrive while the loop runs.
      const response = await http.get('/products', { responseBody: 'stream' });
      let bytes = 0;
      for await (const piece of response.body) bytes += piece.length;
      check(bytes, { 'came in pieces': (sum) => sum > 0 });
    },
    missing: ({ http }) => http.get('/status/404', { expect: 404 }),
    judged: ({ http }) =>
      http.get('/products/4', {
        name: 'product',
        firstByteTimeout: '2s',
        expect: (response) => (response.json<{ cents: number }>().cents > 0 ? true : 'no price'),
      }),
  },
});

export default scenario({
  target: 'http://shop.test:8000',
  http: {
    hosts: { 'shop.test': '127.0.0.1' }, // in place of a name lookup
    headers: { 'accept-language': 'en' },
    timeout: '10s',
    connectTimeout: '2s',
    idleTimeout: '30s',
    redirects: 2,
  },
  users: [photographer, reader],
  load: startWith(10).hold('10s'),
});
