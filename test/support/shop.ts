// A shop that insists on what real sites insist on: a token after the login, a token against forged requests, identifiers
// that it has given out itself. All of them are new each time it starts, so that only a scenario that reads them gets through.
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Shop {
  readonly url: string;
  /** Requests seen so far. */
  readonly count: number;
  /** Those it refused, as `401 GET /api/me`. */
  readonly refused: readonly string[];
  close(): Promise<void>;
}

export const ACCOUNT = { email: 'ada@example.com', password: 'correct horse battery' };

interface Answer {
  readonly status?: number;
  readonly json?: unknown;
  readonly html?: string;
  readonly headers?: Record<string, string>;
}

export async function startShop(): Promise<Shop> {
  const shop = new ShopRules();
  const refused: string[] = [];
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    void readBody(request).then((body) => {
      const answer = shop.answer(request, body);
      if ((answer.status ?? 200) >= 400 && request.url !== '/api/vouchers/mine')
        refused.push(`${answer.status} ${request.method} ${request.url}`);
      reply(response, answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get count() {
      return count;
    },
    refused,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What it answers, and what it remembers of whom. */
class ShopRules {
  readonly #csrf = randomBytes(16).toString('hex');
  readonly #token = `${randomBytes(12).toString('base64url')}.${randomBytes(24).toString('base64url')}`;
  readonly #products = Array.from({ length: 4 }, (_, index) => ({
    id: randomInt(10_000, 99_999),
    name: `Shoe ${index}`,
  }));
  readonly #cart = randomUUID();
  readonly #orders = new Set<string>();

  answer(request: IncomingMessage, body: string): Answer {
    const url = new URL(request.url ?? '/', 'http://shop');
    const [, api, noun = '', id = '', part] = url.pathname.split('/');
    if (api !== 'api') return { html: '<!doctype html><title>Shoes</title><div id="app"></div>' };
    if (noun === 'session') return { json: { csrfToken: this.#csrf, locale: 'en' } };
    if (noun === 'categories') return { json: [{ slug: 'shoes' }, { slug: 'hats' }] };
    if (noun === 'products') return this.#product(id, part);
    if (request.method !== 'GET' && request.headers['x-csrf-token'] !== this.#csrf)
      return { status: 403, json: { error: 'forged' } };
    if (noun === 'login') return this.#login(JSON.parse(body) as typeof ACCOUNT);
    if (request.headers.authorization !== `Bearer ${this.#token}`)
      return { status: 401, json: { error: 'log in' } };
    return this.#private(request.method ?? 'GET', noun, id, body);
  }

  #login({ email, password }: typeof ACCOUNT): Answer {
    if (email !== ACCOUNT.email || password !== ACCOUNT.password)
      return { status: 401, json: { error: 'who?' } };
    return { json: { auth: { token: this.#token }, user: { id: 7, name: 'Ada' } } };
  }

  #product(id: string, part: string | undefined): Answer {
    if (id === '') return { json: { items: this.#products, total: this.#products.length } };
    const product = this.#products.find((one) => String(one.id) === id);
    if (product === undefined) return { status: 404, json: { error: 'no such product' } };
    return { json: part === 'reviews' ? { reviews: [] } : product };
  }

  #private(method: string, noun: string, id: string, body: string): Answer {
    if (noun === 'me') return { json: { id: 7, name: 'Ada' } };
    if (noun === 'vouchers') return { status: 404, json: { error: 'none' } };
    if (noun === 'cart') {
      const { productId } = JSON.parse(body) as { productId: number };
      if (!this.#products.some((product) => product.id === productId))
        return { status: 422, json: { error: 'no such product' } };
      return { status: 201, json: { cart: { id: this.#cart, items: [{ productId, quantity: 1 }] } } };
    }
    if (noun === 'orders' && method === 'POST') {
      if ((JSON.parse(body) as { cartId: string }).cartId !== this.#cart)
        return { status: 422, json: { error: 'no such cart' } };
      const orderId = `ord_${randomBytes(8).toString('hex')}`;
      this.#orders.add(orderId);
      return { status: 201, json: { orderId } };
    }
    if (noun === 'orders' && this.#orders.has(id)) return { json: { orderId: id, status: 'paid' } };
    return { status: 404, json: { error: 'no such thing' } };
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function reply(response: ServerResponse, { status = 200, json, html, headers = {} }: Answer): void {
  const type = html === undefined ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8';
  response.writeHead(status, { 'content-type': type, ...headers }).end(html ?? JSON.stringify(json));
}
