// A closed loop over HTTP/2, with all users on streams of one connection.
import { startWith, user } from 'drumline';
import { measured, statusChecked } from '../measured.js';

export default measured({
  http: { version: '2', sharedConnections: 1 },
  users: [user('visitor', { tasks: { get: statusChecked } })],
  load: startWith(50).hold(),
});
