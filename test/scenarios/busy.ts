// Users without think time that compute between requests, more than one lane can handle.
import { scenario, startWith, user } from 'drumline';

function compute(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

export default scenario({
  users: [
    user('cruncher', {
      tasks: {
        crunch: async ({ http }) => {
          await http.get('/');
          compute(5);
        },
      },
    }),
  ],
  load: startWith(20).hold('6s'),
});
