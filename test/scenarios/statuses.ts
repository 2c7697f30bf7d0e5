// Ten users make requests whose responses have one of four statuses. Runs until stopped.
import { constant, scenario, startWith, user } from 'drumline';

const STATUSES = [200, 200, 200, 201, 404, 503];

export default scenario({
  users: [
    user('visitor', {
      wait: constant('20ms'),
      tasks: {
        any: async ({ http, random }) => {
          const status = STATUSES[Math.floor(random() * STATUSES.length)]!;
          await http.get(`/status/${status}`, { name: status < 400 ? 'ok' : 'refused', expect: status });
        },
      },
    }),
  ],
  load: startWith(10).hold(),
});
