// Users borrow accounts. The target sees who has which one.
import { constant, data, param, scenario, startWith, user } from 'drumline';

const rows = param('rows', { default: 3 });
const users = param('users', { default: 8 });
const whenEmpty = param('whenEmpty', { choices: ['wait', 'stop-user', 'stop-run'], default: 'wait' });
/** Every user keeps an account that it borrows in `onStart`. */
const keep = param('keep', { default: false });

const accounts = data.rows(() => Array.from({ length: rows }, (_, id) => ({ id })), {
  use: 'borrow',
  whenEmpty,
});

let calls = 0;

const owner = user('owner', {
  wait: constant('20ms'),
  async onStart({ borrow, http }) {
    if (keep) await http.get('/kept', { query: { id: (await borrow(accounts)).id } });
  },
  tasks: {
    async work({ http, borrow, sleep, iteration }) {
      if (keep) return;
      const { id } = await borrow(accounts);
      await http.get('/in', { query: { id, by: process.pid } });
      await sleep('10ms');
      await http.get('/out', { query: { id, by: process.pid } });
      calls += 1;
      // However an iteration ends, its row goes back.
      if (calls % 5 === 1) throw new Error('the account is blocked');
      if (calls % 5 === 2) iteration.end();
    },
  },
});

export default scenario({ users: [owner], load: startWith(users).hold() });
