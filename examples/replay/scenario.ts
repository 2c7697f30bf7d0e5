// Repeats the traffic of an access log: each line is one visitor, at its time, with its path.
import { data, param, replay, scenario, user } from 'drumline';

const LOG = './access.log';
const speed = param('speed', { default: 1, min: 0.1, max: 100, help: 'how much faster than the log' });

// … [14/Oct/2026:09:30:00 +0200] "GET /products HTTP/1.1" 200 …
const lines = data.lines(LOG);
const REQUEST = /"GET (?<path>\S+) [^"]*" (?<logged>\d+)/;

const visitor = user(
  'visitor',
  // An iteration has the number of its line, so this is the line that is due.
  { data: { line: lines.perIteration() } },
  {
    tasks: {
      repeat: async ({ http, data, iteration }) => {
        const { path, logged } = REQUEST.exec(data.line)?.groups ?? {};
        // A log has no bodies, so that only its GET requests can be repeated.
        if (path === undefined) return iteration.end();
        await http.get(path, {
          // One row in the report for a page, whatever its query is.
          name: path.replace(/\?.*/, ''),
          // What failed in the log may fail again.
          expect: ({ status }) => status < 400 || status === Number(logged),
        });
      },
    },
  },
);

export default scenario({
  target: 'http://127.0.0.1:8000',
  users: [visitor],
  // The times of the log are whole seconds. `spread` keeps the requests of a second apart.
  load: replay(LOG, { spread: '1s', speed }),
  thresholds: ['error rate < 1%'],
});
