// The iterations of closed-loop.ts at a rate, on users that stay.
import { iterations, scenario, user } from 'drumline';

const perSecond = Number(process.env['BENCH_RATE'] ?? 1_000);

export default scenario({
  users: [
    user('visitor', {
      tasks: {
        get: async ({ http, check }) => {
          const response = await http.get('/');
          check(response, { 'status is 200': ({ status }) => status === 200 });
        },
      },
    }),
  ],
  load: iterations(`${perSecond}/s`).hold(),
});
