// Users that start a request ten times a second, whatever the target needs for it.
import { pacing, scenario, startWith, user } from 'drumline';

export default scenario({
  users: [
    user('visitor', {
      wait: pacing('100ms'),
      tasks: { home: async ({ http }) => void (await http.get('/')) },
    }),
  ],
  load: startWith(20).hold(),
});
