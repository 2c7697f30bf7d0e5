// Each row is used once, whichever lane uses it; nothing but the end of the rows ends the run.
import { scenario, startWith, user } from 'drumline';

const rows = Array.from({ length: 60 }, (_, index) => index);
/** Those of this lane: the file is evaluated in each. */
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
