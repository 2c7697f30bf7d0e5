import { between, ramp, scenario, user } from 'drumline';

/** A placeholder. An overlay replaces it with your scenario. */
const visitor = user('visitor', {
  wait: between('500ms', '1500ms'),
  tasks: {
    async home({ http }) {
      await http.get('/');
    },
  },
});

export default scenario({ users: [visitor], load: ramp({ to: 100, over: '30s' }).hold('2m') });
