// A small shop used as the target of the demo, the examples and the tests. It counts its requests.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { serveFeed, type Feed } from './feed.js';
import { priceStream, type PriceStream } from './prices.js';

/** A running target. */
export interface Target {
  readonly url: string;
  readonly server: Server;
  /** Requests seen so far, without those under `/__`. */
  readonly count: number;
  /** The same requests by method and path. */
  readonly byPath: ReadonlyMap<string, number>;
  /** Complete responses by status. */
  readonly byStatus: Readonly<Record<number, number>>;
  /** Its WebSockets. */
  readonly feed: Feed;
  /** Its server-sent events. */
  readonly prices: PriceStream;
  close(): Promise<void>;
}

const PRODUCTS = Array.from({ length: 20 }, (_, id) => ({
  id,
  name: `Product ${id}`,
  cents: 999 + id * 250,
}));

/**
 * Starts the shop. `GET /` and `/products` answer at once, `/slow?ms=N` after N ms, `/status/N`
 * with that status. `POST /login` sets a cookie that `POST /cart` requires. `/redirect` leads to
 * `/products`, and `GET /__count` returns the counts.
 * `/feed` is a WebSocket (feed.ts), `/prices` a stream of events (prices.ts). `/upload` returns the
 * number of bytes received.
 */
export async function startTarget({ port = 0, host = '127.0.0.1' } = {}): Promise<Target> {
  const byPath = new Map<string, number>();
  const byStatus: Record<number, number> = {};
  let count = 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://target');
    if (url.pathname === '/__count')
      return reply(response, 200, { requests: count, byPath: Object.fromEntries(byPath) });
    count += 1;
    const key = `${request.method} ${url.pathname}`;
    byPath.set(key, (byPath.get(key) ?? 0) + 1);
    response.once('finish', () => {
      byStatus[response.statusCode] = (byStatus[response.statusCode] ?? 0) + 1;
    });
    if (url.pathname === '/upload') return takeUpload(request, response);
    request.resume();
    request.on('end', () => {
      if (url.pathname === '/prices') prices.serve(request, response);
      else answer(url, request, response);
    });
  });
  server.keepAliveTimeout = 60_000;
  const cents = PRODUCTS.map((product) => product.cents);
  const prices = priceStream(cents);
  const feed = serveFeed(server, cents);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: 4_096 }, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${address.port}`,
    server,
    get count() {
      return count;
    },
    byPath,
    byStatus,
    feed,
    prices,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        feed.terminate();
        server.closeAllConnections();
      }),
  };
}

function takeUpload(request: IncomingMessage, response: ServerResponse): void {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => (bytes += chunk.length));
  request.on('end', () => reply(response, 200, { bytes }));
}

function answer(url: URL, request: IncomingMessage, response: ServerResponse): void {
  const [, first, second] = url.pathname.split('/');
  switch (first) {
    case '':
      return reply(response, 200, { shop: 'Drumline demo' });
    case 'products':
      return second === undefined
        ? reply(response, 200, PRODUCTS)
        : reply(response, 200, PRODUCTS[Number(second) % PRODUCTS.length]);
    case 'login':
      return reply(response, 200, { welcome: true }, { 'set-cookie': 'session=demo; Path=/' });
    case 'cart':
      if (!request.headers.cookie?.includes('session='))
        return reply(response, 401, { error: 'log in first' });
      return reply(response, 201, { added: true });
    case 'slow': {
      const timer = setTimeout(
        () => reply(response, 200, { slow: true }),
        Number(url.searchParams.get('ms') ?? 500),
      );
      response.on('close', () => clearTimeout(timer));
      return undefined;
    }
    case 'status':
      return reply(response, Number(second), { status: Number(second) });
    case 'redirect':
      return reply(response, 302, {}, { location: '/products' });
    default:
      return reply(response, 404, { error: 'no such page' });
  }
}

function reply(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const option = (name: string): string | undefined => {
    const at = process.argv.indexOf(`--${name}`);
    return at < 0 ? undefined : process.argv[at + 1];
  };
  const target = await startTarget({
    port: Number(option('port') ?? 8000),
    host: option('host') ?? '127.0.0.1',
  });
  console.log(`The target listens on ${target.url}.`);
  process.send?.({ url: target.url });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      console.log(`The target has seen ${target.count} requests.`);
      void target.close().then(() => process.exit(0));
    });
  }
}
