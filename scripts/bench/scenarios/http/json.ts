// A closed loop that parses every response as JSON.
import { startWith, user } from 'drumline';
import { measured } from '../measured.js';

export default measured({
  users: [
    user('visitor', {
      tasks: {
        get: async ({ http, check }) => {
          const page = await http.get('/');
          const product = page.json<{ id: number }>();
          check(page, { 'it is the product': () => product.id === 4711 });
        },
      },
    }),
  ],
  load: startWith(50).hold(),
});
