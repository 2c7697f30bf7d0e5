// The scenario of the soak test: hundreds of requests a second with 5,000 names, and many checks,
// metrics and errors.
import { between, counter, scenario, startWith, trend, user } from 'drumline';

const REQUEST_NAMES = 5_000;
const OTHER_NAMES = 200;

const counters = Array.from({ length: OTHER_NAMES }, (_, n) => counter(`counter ${n}`));
const trends = Array.from({ length: OTHER_NAMES }, (_, n) => trend(`trend ${n}`));

const pick = (count: number): number => Math.floor(Math.random() * count);

export default scenario({
  users: [
    user('shopper', {
      wait: between('40ms', '60ms'),
      tasks: {
        buy: async ({ http, check }) => {
          const reply = await http.get('/products/1', { name: `item ${pick(REQUEST_NAMES)}` });
          const n = pick(OTHER_NAMES);
          check(reply, { [`check ${n}`]: ({ status }) => status === 200 });
          counters[n]!.add();
          trends[n]!.add(reply.text().length + pick(1_000));
          if (pick(50) === 0) throw new Error(`no luck with number ${pick(REQUEST_NAMES)}`);
          if (pick(50) === 0) reply.fail(`not what customer ${pick(REQUEST_NAMES)} wanted`);
        },
      },
    }),
  ],
  load: startWith(20).hold(),
});
