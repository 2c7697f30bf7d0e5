// From 4 curl requests.
// Left out because scenarios do not support it: --retry 3.
// Headers that the browser added were left out: accept-language, priority.
// Only some commands set http.tls, but a scenario has one value for all requests.
import { between, inOrder, ramp, scenario, secrets, user } from 'drumline';

// Secrets are not stored in this file. --secret API_TOKEN --secret COOKIE reads them from the
// environment.
const { API_TOKEN = '', COOKIE = '' } = secrets;

const visitor = user('visitor', {
  wait: between('1s', '3s'),
  tasks: inOrder({
    products: async ({ http }) => {
      await http.get('/api/products', {
        query: { category: 'shoes', page: 1 },
        headers: { authorization: `Bearer ${API_TOKEN}`, cookie: COOKIE },
      });
    },
    addToCart: async ({ http }) => {
      await http.post('/api/cart/items', {
        json: { productId: 48213, note: "it's for Zoë!" },
        headers: { authorization: `Bearer ${API_TOKEN}`, cookie: COOKIE },
        redirects: 0,
      });
    },
    orderList: async ({ http }) => {
      await http.post('/api/graphql', {
        json: {
          operationName: 'OrderList',
          variables: { first: 10 },
          query: `query OrderList($first: Int!) {
  orders(first: $first) {
    id
    total
  }
}`,
        },
        name: '/api/graphql OrderList',
        redirects: 0,
      });
    },
    updatePerson: async ({ http }) => {
      await http.put('/api/people/17', {
        form: { name: 'Ada Lovelace', tag: ['a', 'b'] },
        name: '/api/people/[id]',
        timeout: '2.5s',
      });
    },
  }),
});

export default scenario({
  target: 'https://shop.example',
  http: { tls: { rejectUnauthorized: false }, headers: { 'x-app-version': '5.2.0' } },
  users: [visitor],
  load: ramp({ to: 10, over: '10s' }).hold('1m'),
});
