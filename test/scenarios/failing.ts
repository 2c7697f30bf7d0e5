// Every second request fails.
import { constant, scenario, startWith, user } from 'drumline';

export default scenario({
  users: [
    user('visitor', {
      wait: constant('20ms'),
      tasks: {
        good: async ({ http }) => void (await http.get('/')),
        bad: async ({ http }) => void (await http.get('/status/500', { name: 'bad' })),
      },
    }),
  ],
  load: startWith(4).hold('2s'),
});
