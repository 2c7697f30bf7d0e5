// Each row is used once over all lanes. The run ends only when all rows are used.
import { scenario, startWith, user } from 'drumline';

const rows = Array.from({ length: 60 }, (_, index) => index);
/** The rows of this lane. Every lane evaluates the file. */
let mine: number[] | undefined;

const visitor = user('visitor', {
  tasks: {
    async visit({ http, lane, user: me }) {
      mine ??= rows.filter((row) => row % lane.count === lane.index);
      const row = mine.pop();
      if (row === undefined) me.stop();
      await http.get('/products/1', { name: `row ${row}` });
    },
  },
});

export default scenario({ users: [visitor], load: startWith(20).hold() });
