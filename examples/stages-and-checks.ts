// A k6 script, ported: stages that ramp up and down, a default function, checks.
//
//   npx drumline run examples/stages-and-checks.ts
//
// export const options = {
//   stages: [
//     { duration: '5s', target: 20 },
//     { duration: '5s', target: 20 },
//     { duration: '3s', target: 0 },
//   ],
// };
// export default function () {
//   const page = http.get(`${BASE}/products`);
//   check(page, {
//     'status is 200': (r) => r.status === 200,
//     'is fast': (r) => r.timings.duration < 200,
//   });
//   sleep(0.2);
// }
import { constant, ramp, scenario, user } from 'drumline';

const visitor = user('visitor', {
  wait: constant('200ms'),
  tasks: {
    visit: async ({ http, check }) => {
      const page = await http.get('/products');
      check(page, {
        'status is 200': (response) => response.status === 200,
        'is fast': (response) => response.durationMs < 200,
        'has products': (response) => response.json<unknown[]>().length > 0,
      });
    },
  },
});

export default scenario({
  target: 'http://127.0.0.1:8000',
  users: [visitor],
  load: ramp({ to: 20, over: '5s' }).hold('5s').ramp({ to: 0, over: '3s' }),
});
