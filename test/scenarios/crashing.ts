// One user ends its process, once per lane, in the way that CRASH selects. Runs until stopped.
import { constant, scenario, startWith, user } from 'drumline';

const how = process.env['CRASH'];
let done = false;

function leak(): void {
  const kept: unknown[] = [];
  for (;;) kept.push({ numbers: Array.from({ length: 100 }, (_, n) => n) });
}

export default scenario({
  users: [
    user('visitor', {
      wait: constant('20ms'),
      tasks: { home: async ({ http }) => void (await http.get('/')) },
    }),
    user('crasher', {
      fixedCount: 1,
      tasks: {
        crash: async ({ http, sleep, user: { index } }) => {
          await http.get('/products');
          // Two complete seconds are reported by now, so the master knows the rate of the lane.
          await sleep('2500ms');
          if (done || index !== 0) return;
          done = true;
          if (how === 'exit') process.exit(3);
          if (how === 'timer')
            setTimeout(() => {
              throw new Error('thrown in a timer');
            }, 1);
          if (how === 'rejection') void Promise.reject(new Error('nobody awaits this'));
          if (how === 'memory') leak();
          if (how === 'kill') process.kill(process.pid, 'SIGKILL');
          if (how === 'abort') process.abort();
        },
      },
    }),
  ],
  load: startWith(10).hold(),
});
