// Users with think time: ten requests a second each, spread evenly.
import { pacing, startWith, user } from 'drumline';
import { measured, statusChecked } from '../measured.js';

const INTERVAL_MS = 100;

export default measured({
  users: [
    user('thinker', {
      wait: pacing(INTERVAL_MS),
      onStart: ({ sleep }) => sleep(Math.random() * INTERVAL_MS),
      tasks: { get: statusChecked },
    }),
  ],
  load: startWith(2_000).hold(),
});
