// Visitors run on shared lanes, tellers in a lane group. Each request names its process and user.
// Runs until stopped.
import { constant, scenario, startWith, user } from 'drumline';

const wait = constant('30ms');
const from = (type: string, index: number): { headers: Record<string, string> } => ({
  headers: { 'x-process': String(process.pid), 'x-user': `${type} ${index}` },
});

export default scenario({
  users: [
    user('visitor', {
      weight: 3,
      wait,
      onStart: async ({ http, user: { type, index } }) =>
        void (await http.get('/products', from(type, index))),
      tasks: {
        home: async ({ http, user: { type, index } }) => void (await http.get('/', from(type, index))),
      },
    }),
    user('teller', {
      lanes: 'tills',
      wait,
      onStart: async ({ http, user: { type, index } }) =>
        void (await http.get('/products', from(type, index))),
      tasks: {
        pay: async ({ http, user: { type, index } }) => void (await http.get('/', from(type, index))),
      },
    }),
  ],
  load: startWith(12).hold(),
});
