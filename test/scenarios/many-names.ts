// Requests with ids in their names: 3,000 different ones from each worker, 5,000 over two.
import { scenario, startWith, user } from 'drumline';

let next = 0;
let end = 0;

export default scenario({
  users: [
    user('visitor', {
      tasks: {
        look: async ({ http, check, sleep }) => {
          if (next >= end) return await sleep('100ms');
          const id = next++;
          const response = await http.get('/', { name: `/item/${id}` });
          check(response, { [`item ${id} is there`]: ({ status }) => status === 200 });
        },
      },
    }),
  ],
  load: startWith(8).hold('90s'),
  onWorker: {
    runStart: ({ worker }) => {
      next = worker === 'w2' ? 2_000 : 0;
      end = next + 3_000;
    },
  },
});
