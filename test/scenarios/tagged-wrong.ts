// Thresholds on tags that no check and no metric has.
import { counter, iterations, scenario, user } from 'drumline';

const looks = counter('looks');
const tags = { page: 'home' };

export default scenario({
  users: [
    user('visitor', {
      tasks: {
        visit: async ({ http, check }) => {
          check(await http.get('/'), { 'status is 200': ({ status }) => status === 200 }, { tags });
          looks.add(1, { tags });
        },
      },
    }),
  ],
  load: iterations({ total: 5, users: 1 }),
  thresholds: [
    { check: 'status is 200', tags: { page: 'hom' }, is: 'passes > 1%' },
    { metric: 'looks', tags: { page: 'hom' }, is: 'count >= 1' },
  ],
});
