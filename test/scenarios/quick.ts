// Users without think time but for a little, as many requests as that gives.
import { constant, scenario, startWith, user } from 'drumline';

export default scenario({
  users: [
    user('visitor', {
      wait: constant('5ms'),
      tasks: { home: async ({ http }) => void (await http.get('/')) },
    }),
  ],
  load: startWith(10).hold('2s'),
});
