// The scenario that the service runs. The form sets the target, the users and the length.
import { constant, scenario, startWith, user } from 'drumline';

export default scenario({
  name: 'shop',
  users: [
    user('visitor', {
      wait: constant('100ms'),
      tasks: {
        home: async ({ http }) => void (await http.get('/')),
        products: async ({ http }) => void (await http.get('/products')),
      },
    }),
  ],
  load: startWith(10).hold('1m'),
});
