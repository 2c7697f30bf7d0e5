// Users that harm their lane in the way that HARM selects, again and again. Runs until stopped.
import { constant, scenario, startWith, user } from 'drumline';

const harm = process.env['HARM'];
const kept: unknown[] = [];
const isLane = /lane.main\.js$/.test(process.argv[1] ?? '');
if (harm === 'load' && isLane) for (;;);

const HARMS: Record<string, () => void> = {
  hang: () => {
    for (;;);
  },
  memory: () => {
    for (;;) kept.push(Array.from({ length: 100 }, (_, n) => ({ n })));
  },
  exit: () => process.exit(3),
};

export default scenario({
  users: [
    user('visitor', {
      wait: constant('20ms'),
      tasks: {
        home: async ({ http, sleep }) => {
          await http.get('/');
          await sleep('100ms');
          HARMS[harm ?? '']?.();
        },
      },
    }),
  ],
  load: startWith(4).hold(),
});
