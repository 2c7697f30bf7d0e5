// Finds the highest rate of a target with a known capacity.
import { findLimit, scenario, user } from 'drumline';

export default scenario({
  users: [user('visitor', { tasks: { visit: ({ http }) => http.get('/') } })],
  load: findLimit({
    from: '40/s',
    to: '400/s',
    step: '+20/s',
    hold: '4s',
    warmUp: '2s',
    while: ['p90 < 250ms', 'error rate < 1%'],
  }),
});
