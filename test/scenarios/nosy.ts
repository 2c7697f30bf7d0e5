// Searches for the credentials of the process that started it, which it must not see.
import { constant, scenario, startWith, user } from 'drumline';

const found = Object.entries(process.env).filter(
  ([name, value]) =>
    /DRUMLINE_(KEY|TOKEN|API_TOKEN)$/.test(name) || value?.match(/drumline-(key|token|api)-\d/),
);
console.log(`I see ${process.env['SEEN_BY_ALL']} and ${JSON.stringify(found)}.`);

export default scenario({
  users: [
    user('visitor', {
      wait: constant('20ms'),
      tasks: { home: async ({ http }) => void (await http.get('/')) },
    }),
  ],
  load: startWith(1).hold('1s'),
});
