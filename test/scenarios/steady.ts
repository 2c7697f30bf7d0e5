// Ten users make nearly two hundred requests a second: enough to count, but light enough for a busy
// machine. Runs until stopped.
import { constant, scenario, startWith, user } from 'drumline';

export default scenario({
  users: [
    user('visitor', {
      wait: constant('50ms'),
      tasks: { home: async ({ http }) => void (await http.get('/')) },
    }),
  ],
  load: startWith(10).hold(),
});
