// Each row is used once in the whole cluster. The URL names the row.
import { constant, data, iterations, param, scenario, startWith, user } from 'drumline';

const rows = param('rows', { default: 500 });
const users = param('users', { default: 5 });
const total = param('total', { default: 0 });
const waitMs = param('wait', { default: 0, min: 0 });
const whenEmpty = param('whenEmpty', {
  choices: ['wait', 'repeat', 'stop-user', 'stop-run'],
  default: 'stop-user',
});
const order = param('order', { choices: ['sequential', 'shuffled'], default: 'sequential' });

const vouchers = data.rows(() => Array.from({ length: rows }, (_, id) => ({ id })), {
  use: 'once',
  whenEmpty,
  order,
});

const buyer = user('buyer', {
  wait: constant(`${waitMs}ms`),
  tasks: {
    async redeem({ http, take }) {
      const { id } = await take(vouchers);
      await http.get('/redeem', { query: { id, pid: process.pid }, name: '/redeem' });
    },
  },
});

export default scenario({
  users: [buyer],
  load: total > 0 ? iterations({ total, users }) : startWith(users).hold(),
});
