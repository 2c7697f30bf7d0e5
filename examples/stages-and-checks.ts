// A k6 script, ported: two workloads side by side, a parameter, checks and thresholds.
//
//   npx drumline run examples/stages-and-checks.ts
//   npx drumline run examples/stages-and-checks.ts --param RATE=50
//
// export const options = {
//   scenarios: {
//     visits: {
//       executor: 'ramping-vus', exec: 'visit',
//       stages: [
//         { duration: '5s', target: 20 },
//         { duration: '5s', target: 20 },
//         { duration: '3s', target: 0 },
//       ],
//     },
//     searches: {
//       executor: 'constant-arrival-rate', exec: 'search',
//       rate: __ENV.RATE || 20, timeUnit: '1s', duration: '13s', preAllocatedVUs: 10, maxVUs: 50,
//     },
//   },
//   thresholds: {
//     http_req_failed: ['rate<0.01'],
//     'http_req_duration{scenario:searches}': ['p(95)<500'],
//     checks: ['rate>0.99'],
//   },
// };
// export function visit() {
//   const page = http.get(`${BASE}/products`);
//   check(page, {
//     'status is 200': (r) => r.status === 200,
//     'has products': (r) => r.json().length > 0,
//   });
//   sleep(0.2);
// }
// export function search() {
//   const id = Math.floor(Math.random() * 20);
//   http.get(`${BASE}/products/${id}`, { tags: { name: '/products/:id' } });
// }
import { constant, iterations, param, ramp, scenario, user } from 'drumline';

const rate = param('RATE', { default: 20, min: 1, help: 'searches per second' });

const visitor = user('visitor', {
  wait: constant('200ms'),
  tasks: {
    visit: async ({ http, check }) => {
      const page = await http.get('/products');
      check(page, {
        'status is 200': (response) => response.status === 200,
        'has products': (response) => response.json<unknown[]>().length > 0,
      });
    },
  },
});

const searcher = user('searcher', {
  tasks: {
    search: async ({ http, random }) => {
      await http.get(`/products/${Math.floor(random() * 20)}`, { name: '/products/:id' });
    },
  },
});

export default scenario({
  target: 'http://127.0.0.1:8000',
  users: [visitor, searcher],
  load: {
    visitor: ramp({ to: 20, over: '5s' }).hold('5s').ramp({ to: 0, over: '3s' }),
    // No number of users has to be guessed: they are added when all are busy, up to the limit.
    searcher: iterations(`${rate}/s`, { maxUsers: 50 }).hold('13s'),
  },
  thresholds: ['error rate < 1%', { of: { user: 'searcher' }, is: 'p95 < 500ms' }, 'checks > 99%'],
});
