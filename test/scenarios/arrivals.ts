// New users at a rate. Each tells the target its number, and whether it kept a connection.
import { arrivals, scenario, user } from 'drumline';

export default scenario({
  users: [
    user('visitor', {
      tasks: {
        visit: async ({ http, iteration, user: { index } }) => {
          await http.get(`/visit?n=${iteration.number}&user=${index}`, { name: '/visit' });
        },
      },
    }),
  ],
  load: arrivals('100/s').hold('3s'),
});
