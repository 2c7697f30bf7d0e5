// A connection for every request, each with a full TLS handshake.
import { startWith, user } from 'drumline';
import { measured, statusChecked } from '../measured.js';

export default measured({
  http: { keepAlive: false, tls: { rejectUnauthorized: false, resumeSessions: false } },
  users: [user('visitor', { tasks: { get: statusChecked } })],
  load: startWith(50).hold(),
});
