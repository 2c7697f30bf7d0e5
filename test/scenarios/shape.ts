// A shape decides about the users: 2, then 6, then none by its own choice.
import { param, scenario, shape, user } from 'drumline';

const stepMs = param('stepMs', { default: 2_000 });

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
  load: shape(({ elapsedMs }) => (elapsedMs < stepMs ? 2 : elapsedMs < 2 * stepMs ? 6 : null)),
});
