// Follows a log, and tells the target which line each start belongs to.
import { data, param, replay, scenario, user } from 'drumline';

const log = param('log', { default: './log.csv' });
const lines = data.csv(log, { columns: { path: String } }).perIteration();

const [reader, writer] = (['reader', 'writer'] as const).map((name) =>
  user(
    name,
    { data: { line: lines } },
    {
      tasks: {
        start: ({ http, data: { line }, iteration, user: { type } }) =>
          http.get(line.path, { name: type, query: { n: iteration.number, type } }),
      },
    },
  ),
);

export default scenario({
  users: [reader!, writer!],
  load: replay(log, { time: 'at', user: 'who', speed: 2, kind: 'iterations' }),
});
