// Users without wait time: they saturate the lane.
import { scenario, startWith, user } from 'drumline';

export default scenario({
  users: [user('visitor', { tasks: { home: async ({ http }) => void (await http.get('/')) } })],
  load: startWith(50).hold(),
});
