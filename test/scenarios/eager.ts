// Users without any wait: one throws at once, one computes a little, one makes requests.
import { constant, scenario, startWith, user } from 'drumline';

export default scenario({
  users: [
    user('thrower', {
      fixedCount: 1,
      tasks: {
        fail: () => {
          throw new Error('at once');
        },
      },
    }),
    user('cruncher', {
      fixedCount: 1,
      tasks: {
        crunch: () => {
          const end = performance.now() + 1;
          while (performance.now() < end);
        },
      },
    }),
    user('visitor', {
      fixedCount: 1,
      wait: constant('10ms'),
      tasks: { home: async ({ http }) => void (await http.get('/')) },
    }),
  ],
  load: startWith(3).hold('3s'),
});
