// From shop.har, recorded with Chrome on 2026-03-02: 12 of 22 requests.
// Left out: 1 WebSocket or event stream; 1 preflight or beacon; 7 images, scripts and other assets;
// 1 request to another host (cdn.cookielaw.org).
// The recording sends cookies that no recorded response sets: consent, visitor.
import { between, inOrder, ramp, scenario, secrets, user } from 'drumline';

// Secrets are not stored in this file. --secret PASSWORD reads it from the environment.
const { PASSWORD = '' } = secrets;

const visitor = user('visitor', () => ({ productId: 0, cartId: '' }), {
  wait: between('1s', '2.5s'),
  async onStart({ http, sleep }) {
    await http.get('/');
    const session = await http.get('/api/session');
    const { csrfToken } = session.json<{ csrfToken: string }>();
    http.headers.set('x-csrf-token', csrfToken);
    await http.get('/api/categories');
    await sleep('1.5s');
    const login = await http.post('/api/login', {
      json: { email: 'ada@example.com', password: PASSWORD },
    });
    const { token } = login.json<{ auth: { token: string } }>().auth;
    http.auth({ bearer: token });
    await http.get('/api/me');
  },
  tasks: inOrder({
    products: async ({ http, state }) => {
      const products = await http.get('/api/products', { query: { category: 'shoes', page: 1 } });
      state.productId = products.json<{ items: { id: number }[] }>().items[1]!.id;
    },
    product: async ({ http, state }) => {
      await http.get(`/api/products/${state.productId}`, { name: '/api/products/[id]' });
      await http.get(`/api/products/${state.productId}/reviews`, {
        query: { limit: 5, sort: 'newest' },
        name: '/api/products/[id]/reviews',
      });
    },
    addToCart: async ({ http, state }) => {
      const item = await http.post('/api/cart/items', {
        json: { productId: state.productId, quantity: 1 },
      });
      state.cartId = item.json<{ cart: { id: string } }>().cart.id;
    },
    createOrder: async ({ http, state }) => {
      const order = await http.post('/api/orders', {
        json: {
          cartId: state.cartId,
          payment: { method: 'invoice', net: 30 },
          address: {
            name: 'Ada Lovelace',
            street: "12 St James's Square",
            city: 'London',
            country: 'GB',
          },
          newsletter: false,
        },
      });
      const { orderId } = order.json<{ orderId: string }>();
      await http.get(`/api/orders/${orderId}`, { name: '/api/orders/[id]' });
      await http.get('/api/vouchers/mine', { expect: 404 });
    },
  }),
});

export default scenario({
  target: 'https://shop.example',
  users: [visitor],
  load: ramp({ to: 10, over: '10s' }).hold('1m'),
});
