// A connection for every request, whose TLS session is taken up again.
import { startWith, user } from 'drumline';
import { measured, statusChecked } from '../measured.js';

export default measured({
  http: { keepAlive: false },
  users: [user('visitor', { tasks: { get: statusChecked } })],
  load: startWith(50).hold(),
});
