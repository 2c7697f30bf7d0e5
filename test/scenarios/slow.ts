// Requests that take half a second, so that many are always in flight.
import { scenario, startWith, user } from 'drumline';

export default scenario({
  users: [
    user('waiter', {
      tasks: { slow: async ({ http }) => void (await http.get('/slow?ms=500', { name: '/slow' })) },
    }),
  ],
  load: startWith(20).hold('2s'),
});
