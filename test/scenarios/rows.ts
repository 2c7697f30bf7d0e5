// Tells the target which rows its users have got.
import { data, param, scenario, startWith, user } from 'drumline';

const path = param('rows', { default: './rows.csv' });
const accounts = data.csv(path, { columns: { id: Number, name: String } });
const words = data.csv(path, { order: 'shuffled' });

const visitor = user('visitor', {
  data: { account: accounts.perUser(), word: words.perIteration() },
  tasks: {
    async tell({ http, data: { account, word }, iteration, sleep, random, user: { index } }) {
      const { id, name } = account;
      await http.get('/row', { query: { id: id + 0, name, index, word: word.id, number: iteration.number } });
      await sleep(50 + random() * 50);
    },
  },
});

export default scenario({ users: [visitor], load: startWith(6).hold('30s') });
