// Users without think time, whose code keeps the event loop of each lane busy.
import { scenario, startWith, user } from 'drumline';

/** CPU of each iteration beside its request. */
const BUSY_MS = 0.3;

export default scenario({
  users: [
    user('visitor', {
      tasks: {
        home: async ({ http }) => {
          await http.get('/');
          const until = performance.now() + BUSY_MS;
          while (performance.now() < until);
        },
      },
    }),
  ],
  load: startWith(50).hold(),
});
