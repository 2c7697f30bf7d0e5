// A closed loop over HTTP/2, each user with a connection of its own.
import { startWith, user } from 'drumline';
import { measured, statusChecked } from '../measured.js';

export default measured({
  http: { version: '2' },
  users: [user('visitor', { tasks: { get: statusChecked } })],
  load: startWith(50).hold(),
});
