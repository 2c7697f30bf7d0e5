// Iterations at a rate, on users that stay. Each tells the target its number.
import { inOrder, iterations, scenario, user } from 'drumline';

export default scenario({
  users: [
    user('visitor', {
      tasks: inOrder({
        look: async ({ http, iteration }) => {
          await http.get(`/look?n=${iteration.number}`, { name: '/look' });
        },
        buy: async ({ http, iteration, user: { index } }) => {
          await http.get(`/buy?n=${iteration.number}&user=${index}`, { name: '/buy' });
        },
      }),
    }),
  ],
  load: iterations('50/s').hold('10m'),
});
