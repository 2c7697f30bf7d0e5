// Iterations at a rate. Iteration 300 ends the process of its lane by an uncaught error, seconds
// before the end: a busy machine takes that long to start another.
import { iterations, scenario, user } from 'drumline';

export default scenario({
  users: [
    user('visitor', {
      tasks: {
        look: async ({ http, iteration: { number } }) => {
          if (number === 300)
            setTimeout(() => {
              throw new Error('a callback failed');
            }, 1);
          await http.get(`/look?n=${number}`, { name: '/look' });
        },
      },
    }),
  ],
  load: iterations('80/s').hold('10s'),
});
