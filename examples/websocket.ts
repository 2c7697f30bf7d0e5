// WebSockets: each trader keeps one connection and requests prices on it. Each watcher opens a
// connection, listens and closes it.
//
//   npx drumline run examples/websocket.ts
import { between, constant, scenario, startWith, user, type WsConnection } from 'drumline';

interface Price {
  op: string;
  id: number;
  cents: number;
}

const trader = user('trader', () => ({ feed: undefined as WsConnection | undefined }), {
  wait: between('50ms', '200ms'),
  tasks: {
    ask: async ({ ws, state }) => {
      // A failed or lost connection counts as failed and ends the task. The next task connects
      // again.
      if (state.feed === undefined || state.feed.closed)
        state.feed = await ws.connect('/feed', { timeout: '5s' });
      const id = Math.floor(Math.random() * 20);
      const answer = await state.feed.request(
        { op: 'price', id },
        (message) => message.json<Price>().id === id,
        {
          name: 'price',
          timeout: '2s',
        },
      );
      if (answer.json<Price>().cents <= 0) answer.fail('no price');
    },
  },
  onStop: ({ state }) => state.feed?.close(),
});

const watcher = user('watcher', {
  wait: constant('500ms'),
  tasks: {
    watch: async ({ ws, check }) => {
      const feed = await ws.connect('/feed?room=watchers');
      feed.send({ op: 'watch', everyMs: 50 });
      await feed.expect((message) => message.json<Price>().op === 'watching', { name: 'watching' });
      await feed.ping();
      let seen = 0;
      for await (const message of feed) {
        check(message.json<Price>(), { 'has a price': ({ cents }) => cents > 0 });
        if ((seen += 1) === 20) break;
      }
      await feed.close();
    },
  },
});

export default scenario({
  target: 'http://127.0.0.1:8000',
  users: [trader, watcher],
  load: startWith(10).hold('10s'),
});
