// A shape with faults: a good answer, then others that leave the load as it is.
import { scenario, shape, user } from 'drumline';

export default scenario({
  users: [
    user('shopper', {
      wait: (random) => 20 + random * 10,
      tasks: {
        look: async ({ http, user: { index } }) =>
          void (await http.get(`/look?user=${index}`, { name: '/look' })),
      },
    }),
  ],
  load: shape(({ elapsedMs }) => {
    if (elapsedMs < 900) return 2;
    if (elapsedMs < 2_900) throw new Error('no forecast');
    return elapsedMs < 4_900 ? -1 : elapsedMs < 6_900 ? { ['shoper' as string]: 5 } : null;
  }),
});
