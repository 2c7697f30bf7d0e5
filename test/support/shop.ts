import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { startSite, type Answer, type Asked, type Site } from './site.js';

export const ACCOUNT = { email: 'ada@example.com', password: 'correct horse battery' };

/**
 * A shop with the checks of a real one: a token after login, a token against forged requests, and
 * generated identifiers. All are new at each start, so only a scenario that reads them succeeds.
 */
export async function startShop(): Promise<Site & { readonly token: string }> {
  const shop = new Shop();
  const site = await startSite((asked) => shop.answer(asked), ['404 GET /api/vouchers/mine']);
  return Object.assign(site, { token: shop.token });
}

class Shop {
  readonly token = `${randomBytes(12).toString('base64url')}.${randomBytes(24).toString('base64url')}`;
  readonly #csrf = randomBytes(16).toString('hex');
  readonly #products = Array.from({ length: 4 }, (_, index) => ({
    id: randomInt(10_000, 99_999),
    name: `Shoe ${index}`,
  }));
  readonly #cart = randomUUID();
  readonly #orders = new Set<string>();

  answer(asked: Asked): Answer {
    const [api, noun, id, part] = asked.parts;
    if (api !== 'api') return { html: '<!doctype html><title>Shoes</title><div id="app"></div>' };
    if (noun === 'session') return { json: { csrfToken: this.#csrf, locale: 'en' } };
    if (noun === 'categories') return { json: [{ slug: 'shoes' }, { slug: 'hats' }] };
    if (noun === 'products') return this.#product(id, part);
    const { method, headers } = asked;
    if (method !== 'GET' && headers['x-csrf-token'] !== this.#csrf) return { status: 403 };
    if (noun === 'login') return this.#login(JSON.parse(asked.body) as typeof ACCOUNT);
    if (headers.authorization !== `Bearer ${this.token}`) return { status: 401 };
    return this.#private(asked);
  }

  #login({ email, password }: typeof ACCOUNT): Answer {
    if (email !== ACCOUNT.email || password !== ACCOUNT.password) return { status: 401 };
    return { json: { auth: { token: this.token }, user: { id: 7, name: 'Ada' } } };
  }

  #product(id: string | undefined, part: string | undefined): Answer {
    if (id === undefined) return { json: { items: this.#products, total: this.#products.length } };
    const product = this.#products.find((one) => String(one.id) === id);
    if (product === undefined) return { status: 404 };
    return { json: part === 'reviews' ? { reviews: [] } : product };
  }

  #private({ method, parts: [, noun, id], body }: Asked): Answer {
    if (noun === 'me') return { json: { id: 7, name: 'Ada' } };
    if (noun === 'cart') {
      const { productId } = JSON.parse(body) as { productId: number };
      if (!this.#products.some((product) => product.id === productId)) return { status: 422 };
      return { status: 201, json: { cart: { id: this.#cart, items: [{ productId, quantity: 1 }] } } };
    }
    if (noun === 'orders' && method === 'POST') {
      if ((JSON.parse(body) as { cartId: string }).cartId !== this.#cart) return { status: 422 };
      const orderId = `ord_${randomBytes(8).toString('hex')}`;
      this.#orders.add(orderId);
      return { status: 201, json: { orderId } };
    }
    if (noun === 'orders' && this.#orders.has(id ?? '')) return { json: { orderId: id, status: 'paid' } };
    return { status: 404 };
  }
}
