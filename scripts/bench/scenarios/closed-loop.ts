// 50 users without think time, one task with a check on the status, connections kept.
import { scenario, startWith, user } from 'drumline';

export default scenario({
  users: [
    user('visitor', {
      tasks: {
        get: async ({ http, check }) => {
          const response = await http.get('/');
          check(response, { 'status is 200': ({ status }) => status === 200 });
        },
      },
    }),
  ],
  load: startWith(50).hold(),
});
