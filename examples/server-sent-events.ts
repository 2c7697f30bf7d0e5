// Server-sent events: each viewer listens to the shop's prices for a while. The request is counted
// when the stream opens. Each event is timed from the one before.
//
//   npx drumline run examples/server-sent-events.ts
import { constant, scenario, startWith, task, trend, user } from 'drumline';

interface Price {
  sku: number;
  cents: number;
}

const seen = trend('prices seen before one above 25.00');

const viewer = user('viewer', {
  wait: constant('200ms'),
  tasks: {
    // Reads until the server ends the stream. With a status other than 200 or another content type,
    // the request fails and the loop is empty.
    all: async ({ http, check }) => {
      const stream = http.events('/prices?ms=20&events=25', { name: '/prices', timeout: '10s' });
      let last = '';
      for await (const event of stream) last = event.type;
      check(last, { 'ended in good order': (type) => type === 'done' });
    },
    // Leaving the loop closes the stream cleanly.
    bargain: async ({ http }) => {
      let count = 0;
      for await (const event of http.events('/prices?ms=20', { name: '/prices' })) {
        count += 1;
        const { cents } = event.json<Price>();
        if (cents <= 0) event.fail('no price');
        if (cents > 2_500) break;
      }
      seen.add(count);
    },
    // Listens for two seconds. The server ends each connection after ten events; the client
    // reconnects and resumes after the last event.
    faithful: task(2, async ({ http, check }) => {
      const options = {
        name: '/prices',
        tags: { viewer: 'faithful' },
        listenFor: '2s',
        reconnect: true,
      } as const;
      const stream = http.events('/prices?ms=20&events=10', options);
      for await (const event of stream) void event;
      check(stream, { 'came back': ({ lastEventId }) => Number(lastEventId) > 10 });
    }),
  },
});

export default scenario({
  target: 'http://127.0.0.1:8000',
  users: [viewer],
  load: startWith(10).hold('10s'),
});
