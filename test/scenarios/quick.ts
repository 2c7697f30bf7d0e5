// Like `steady.ts`, but ends after two seconds.
import { constant, scenario, startWith, user } from 'drumline';

export default scenario({
  users: [
    user('visitor', {
      wait: constant('50ms'),
      tasks: { home: async ({ http }) => void (await http.get('/')) },
    }),
  ],
  load: startWith(10).hold('2s'),
});
