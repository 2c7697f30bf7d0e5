// A new connection for every request, with TLS session resumption.
import { startWith, user } from 'drumline';
import { measured, statusChecked } from '../measured.js';

export default measured({
  http: { keepAlive: false },
  users: [user('visitor', { tasks: { get: statusChecked } })],
  load: startWith(50).hold(),
});
