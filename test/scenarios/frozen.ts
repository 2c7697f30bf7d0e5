import { arrivals, scenario, user } from 'drumline';

/** Requests at a constant rate, whatever the target does. */
const visitor = user('visitor', {
  tasks: {
    visit: async ({ http }) => {
      await http.get('/');
    },
  },
});

export default scenario({
  users: [visitor],
  load: arrivals('100/s').hold('20s'),
});
