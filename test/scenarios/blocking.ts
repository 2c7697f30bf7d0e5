// One user in ten blocks its event loop once, for BLOCK_MS. Runs until stopped.
import { constant, scenario, startWith, user } from 'drumline';

const blockMs = Number(process.env['BLOCK_MS'] ?? 6_000);
let blocked = false;

function spinFor(ms: number): void {
  const end = Date.now() + ms;
  while (Date.now() < end);
}

export default scenario({
  users: [
    user('visitor', {
      wait: constant('20ms'),
      tasks: { home: async ({ http }) => void (await http.get('/')) },
    }),
    user('blocker', {
      fixedCount: 1,
      wait: constant('1s'),
      tasks: {
        compute: async ({ http, sleep }) => {
          await http.get('/products');
          // Two complete seconds are reported by now, so the master knows the rate of the lane.
          await sleep('2500ms');
          if (!blocked) {
            blocked = true;
            spinFor(blockMs);
          }
        },
      },
    }),
  ],
  load: startWith(10).hold(),
});
