// 50 users that start the task of closed-loop.ts at a rate, together.
import { scenario, startWith, throughput, user } from 'drumline';

const USERS = 50;
const perSecond = Number(process.env['BENCH_RATE'] ?? 1_000);

export default scenario({
  users: [
    user('visitor', {
      wait: throughput(perSecond / USERS),
      tasks: {
        get: async ({ http, check }) => {
          const response = await http.get('/');
          check(response, { 'status is 200': ({ status }) => status === 200 });
        },
      },
    }),
  ],
  load: startWith(USERS).hold(),
});
