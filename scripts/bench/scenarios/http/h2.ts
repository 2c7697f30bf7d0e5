// A closed loop over HTTP/2, with one connection for each user.
import { startWith, user } from 'drumline';
import { measured, statusChecked } from '../measured.js';

export default measured({
  http: { version: '2' },
  users: [user('visitor', { tasks: { get: statusChecked } })],
  load: startWith(50).hold(),
});
