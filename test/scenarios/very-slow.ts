// Requests that outlast any stop timeout of a test.
import { scenario, startWith, user } from 'drumline';

export default scenario({
  users: [
    user('waiter', {
      tasks: { slow: async ({ http }) => void (await http.get('/slow?ms=60000', { name: '/slow' })) },
    }),
  ],
  load: startWith(8).hold('2s'),
  stopTimeout: '1s',
});
