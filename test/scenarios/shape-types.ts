// A shape moves the load from one user type to the other, once it has seen requests.
import { scenario, shape, user } from 'drumline';

const wait = (random: number): number => 20 + random * 10;

export default scenario({
  users: [
    user('shopper', {
      wait,
      tasks: {
        look: async ({ http, user: { index } }) =>
          void (await http.get(`/look?user=${index}`, { name: '/look' })),
      },
    }),
    user('admin', {
      wait,
      tasks: {
        edit: async ({ http, user: { index } }) =>
          void (await http.get(`/edit?user=${index}`, { name: '/edit' })),
      },
    }),
  ],
  load: shape(({ elapsedMs, users, stats, parameters }) => {
    if (elapsedMs < 2_000) return { shopper: 3 };
    if (elapsedMs < 4_000) return { shopper: 0, admin: 2 };
    // Printed once at the end, for the test to compare.
    const seen = users === 2 && stats.requestsPerSecond > 0 && stats.p95Ms > 0 && stats.errorRate === 0;
    console.log(`the shape saw ${seen ? 'the run' : JSON.stringify({ users, stats, parameters })}`);
    return null;
  }),
});
