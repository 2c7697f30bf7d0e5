// A search whose step is too wide, so that the range between its last two rates is halved.
import { findLimit, scenario, user } from 'drumline';

export default scenario({
  users: [user('visitor', { tasks: { visit: ({ http }) => http.get('/') } })],
  load: findLimit({
    from: '120/s',
    to: '400/s',
    step: '+80/s',
    hold: '2s',
    warmUp: '1s',
    refine: 2,
    while: ['error rate < 1%'],
  }),
});
