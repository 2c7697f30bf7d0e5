// Iterations at the times of a log. Each tells the target the row of the log that it belongs to.
import { replay, scenario, user } from 'drumline';

export default scenario({
  users: [
    user('visitor', {
      tasks: {
        get: async ({ http, check, iteration }) => {
          const response = await http.get(`/${iteration.number}`, { name: '/:row' });
          check(response, { 'status is 200': ({ status }) => status === 200 });
        },
      },
    }),
  ],
  load: replay(process.env['BENCH_LOG'] ?? './log.csv', { unit: 'ms', kind: 'iterations' }),
});
