// Users at a steady pace. Their number determines how busy the lane is.
import { pacing, startWith, user } from 'drumline';
import { measured, statusChecked } from '../measured.js';

const INTERVAL_MS = 50;

export default measured({
  users: [
    user('visitor', {
      wait: pacing(INTERVAL_MS),
      onStart: ({ sleep }) => sleep(Math.random() * INTERVAL_MS),
      tasks: { get: statusChecked },
    }),
  ],
  load: startWith(200).hold(),
});
