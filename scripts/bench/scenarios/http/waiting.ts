// Users that wait after one request, with their connection kept.
import { constant, startWith, user } from 'drumline';
import { measured, statusChecked } from '../measured.js';

export default measured({
  http: { idleTimeout: '1h' },
  users: [
    user('waiter', {
      wait: constant('1h'),
      tasks: { get: statusChecked },
    }),
  ],
  load: startWith(1).hold(),
});
