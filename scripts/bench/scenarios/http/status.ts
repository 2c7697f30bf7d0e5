// A closed loop that checks the status of every response.
import { startWith, user } from 'drumline';
import { measured, statusChecked } from '../measured.js';

export default measured({
  users: [user('visitor', { tasks: { get: statusChecked } })],
  load: startWith(50).hold(),
});
