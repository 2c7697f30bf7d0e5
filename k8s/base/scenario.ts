import { between, ramp, scenario, user } from 'drumline';

/** A placeholder: an overlay puts your own scenario in its place. */
const visitor = user('visitor', {
  wait: between('500ms', '1500ms'),
  tasks: {
    async home({ http }) {
      await http.get('/');
    },
  },
});

export default scenario({ users: [visitor], load: ramp({ to: 100, over: '30s' }).hold('2m') });
