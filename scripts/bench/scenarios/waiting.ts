// Users that wait after one login, to measure the cost of waiting.
import { constant, scenario, startWith, user } from 'drumline';

export default scenario({
  users: [user('waiter', { wait: constant('1h'), tasks: { wait: () => {} } })],
  load: startWith(1).hold(),
});
