import { constant, scenario, startWith, user } from 'drumline';

const kept: Buffer[] = [];

/** Keeps 2 MB with each iteration, until the lane exceeds the memory limit of its container. */
const visitor = user('visitor', {
  wait: constant('200ms'),
  tasks: {
    async grow({ http }) {
      await http.get('/products');
      kept.push(Buffer.alloc(2_000_000, 1));
    },
  },
});

export default scenario({ users: [visitor], load: startWith(8).hold('10s') });
