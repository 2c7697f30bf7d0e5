// One user, one request at a time.
import { constant, scenario, startWith, user } from 'drumline';

export default scenario({
  users: [
    user('visitor', {
      wait: constant('100ms'),
      tasks: { home: async ({ http }) => void (await http.get('/')) },
    }),
  ],
  load: startWith(1).hold(),
});
