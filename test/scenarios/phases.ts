// Three workloads in turn. Each iteration tells the target its number.
import { arrivals, inTurn, iterations, scenario, user } from 'drumline';

export default scenario({
  users: [
    user('visitor', {
      weight: 3,
      tasks: {
        visit: async ({ http, iteration }) => void (await http.get(`/?n=${iteration.number}`, { name: '/' })),
      },
    }),
    user('admin', {
      tasks: {
        visit: async ({ http, iteration }) => void (await http.get(`/?n=${iteration.number}`, { name: '/' })),
      },
    }),
  ],
  load: inTurn({
    warmUp: arrivals('50/s').hold('1s'),
    fixed: iterations({ total: 120, users: 6 }),
    rate: iterations('150/s').hold('2s'),
  }),
});
