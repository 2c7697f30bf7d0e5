// Each user does its task once; nothing but that ends the run.
import { scenario, startWith, user } from 'drumline';

const visitor = user('visitor', {
  tasks: {
    async once({ http, user: me }) {
      await http.get('/products/1');
      me.stop();
    },
  },
});

export default scenario({ users: [visitor], load: startWith(20).hold() });
