// Users that have logged in once and then wait: what does waiting cost?
import { constant, scenario, startWith, user } from 'drumline';

export default scenario({
  users: [user('waiter', { wait: constant('1h'), tasks: { wait: () => {} } })],
  load: startWith(1).hold(),
});
