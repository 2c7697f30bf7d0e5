import { constant, scenario, startWith, user } from 'drumline';

/** Some requests are always in flight, so a draining worker has requests to finish. */
const visitor = user('visitor', {
  wait: constant('50ms'),
  tasks: {
    async browse({ http }) {
      await http.get('/products');
    },
    async wait({ http }) {
      await http.get('/slow?ms=500', { name: '/slow' });
    },
  },
});

export default scenario({ users: [visitor], load: startWith(30).hold('10s') });
