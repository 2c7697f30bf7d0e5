// From 2 curl requests.
import { between, ramp, scenario, secrets, user } from 'drumline';

// Secrets are not stored in this file. --secret PASSWORD reads it from the environment.
const { PASSWORD = '' } = secrets;

const visitor = user('visitor', {
  wait: between('1s', '3s'),
  async onStart({ http }) {
    await http.post('/api/login', {
      query: { next: '/cart' },
      json: { email: 'ada@example.com', password: PASSWORD },
    });
  },
  tasks: {
    search: async ({ http }) => {
      await http.post('/api/search', { form: { q: 'red shoes', page: '2' } });
    },
  },
});

export default scenario({
  target: 'https://shop.example',
  http: { redirects: 0, headers: { accept: 'application/json' } },
  users: [visitor],
  load: ramp({ to: 10, over: '10s' }).hold('1m'),
});
