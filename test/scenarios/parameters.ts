// Reports its parameters to the target.
import { param, scenario, startWith, user } from 'drumline';

const users = param('users', { default: 1, min: 1 });
const hold = param('hold', { kind: 'duration', default: '2s' });
const stage = param('stage', { choices: ['smoke', 'load'], env: 'STAGE' });
const token = param('token', { secret: true, env: 'TOKEN' });

const visitor = user('visitor', {
  tasks: {
    async tell({ http, sleep }) {
      await http.get(`/told/${users}/${stage}/${token}`);
      await sleep('100ms');
    },
    late: async ({ http }) => {
      try {
        param('late');
      } catch (error) {
        await http.get('/late', { query: { error: String(error) } });
      }
    },
  },
});

export default scenario({ users: [visitor], load: startWith(users).hold(hold) });
