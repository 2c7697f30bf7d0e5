// Checks and metrics with tags, in two phases. The target knows the tag by the path.
import { counter, inTurn, iterations, rate, scenario, trend, user } from 'drumline';

const looks = counter('looks');
const visits = counter('visits');
const odd = rate('odd');
const size = trend('size');

export default scenario({
  users: [
    user('visitor', {
      tasks: {
        visit: async ({ http, check, iteration }) => {
          const tags = { page: iteration.number % 4 === 0 ? 'admin' : 'home' };
          const response = await http.get(`/${tags.page}`, { expect: () => true });
          check(response, { 'status is 200': ({ status }) => status === 200 }, { tags });
          check(response, { 'has a body': (page) => page.text() === 'ok' });
          visits.add();
          looks.add(2, { tags });
          odd.add(iteration.number % 2 === 1, { tags });
          size.add(tags.page === 'admin' ? 20 : 10, { tags });
        },
      },
    }),
  ],
  load: inTurn({
    quiet: iterations({ total: 40, users: 2 }),
    peak: iterations({ total: 60, users: 4 }),
  }),
  thresholds: [
    { check: 'status is 200', tags: { phase: 'quiet' }, is: 'fails == 4' },
    { check: 'status is 200', tags: { phase: 'peak' }, is: 'fails == 6' },
    { check: 'status is 200', is: 'fails == 10' },
    { check: 'has a body', phase: 'peak', is: 'passes == 60' },
    { of: { phase: 'peak' }, is: 'checks >= 95%' },
    { metric: 'looks', tags: { page: 'admin' }, is: 'count >= 2' },
    { metric: 'looks', is: 'count == 200' },
    { metric: 'looks', phase: 'peak', is: 'count == 120' },
    { metric: 'visits', phase: 'quiet', is: 'count == 40' },
    { metric: 'odd', tags: { page: 'admin' }, is: 'rate == 0%' },
    { metric: 'size', tags: { page: 'home' }, is: 'max <= 10' },
  ],
});
