// A search of two steps, both of which pass.
import { findLimit, scenario, user } from 'drumline';

export default scenario({
  users: [user('visitor', { tasks: { visit: ({ http }) => http.get('/') } })],
  load: findLimit({
    from: '40/s',
    to: '60/s',
    step: '+20/s',
    hold: '3s',
    warmUp: '1s',
    while: ['error rate < 1%'],
  }),
});
