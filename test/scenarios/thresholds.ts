// Ten users, one of which is an admin, so that only one worker knows its requests. Options set the
// run time and further thresholds.
import { constant, counter, scenario, startWith, user } from 'drumline';

const looks = counter('looks');

export default scenario({
  users: [
    user('visitor', {
      wait: constant('20ms'),
      tasks: {
        home: async ({ http, check }) => {
          const page = await http.get('/');
          looks.add();
          check(page, { 'status is 200': ({ status }) => status === 200 });
        },
      },
    }),
    user('admin', {
      fixedCount: 1,
      wait: constant('20ms'),
      tasks: { list: async ({ http }) => void (await http.get('/admin', { tags: { tier: 'gold' } })) },
    }),
  ],
  load: startWith(10).hold('3s'),
  thresholds: [
    'error rate <= 10%',
    { of: 'GET /admin', is: 'p99 < 10s' },
    { of: { user: 'admin' }, is: 'rate > 1/s over 2s' },
    { of: { tags: { tier: 'gold' } }, is: 'count >= 5' },
    { check: 'status is 200', is: 'passes >= 80%' },
    { metric: 'looks', is: 'count >= 5' },
  ],
});
