// Two users on each worker stop the run at the same time.
import { scenario, secrets, startWith, user } from 'drumline';

const guard = user('guard', {
  tasks: {
    async look({ http, run, sleep }) {
      await http.get('/products/1');
      await sleep('1s');
      run.stop(`the stock of ${secrets['SHOP']} is empty`);
    },
  },
});

export default scenario({ users: [guard], load: startWith(4).hold() });
