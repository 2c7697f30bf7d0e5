import { between, scenario, startWith, task, user, type WsConnection } from 'drumline';

const viewer = user('viewer', () => ({ feed: undefined as WsConnection | undefined }), {
  wait: between(1, 20),
  tasks: {
    ask: task(3, async ({ ws, state, user: { index } }) => {
      if (state.feed === undefined || state.feed.closed) state.feed = await ws.connect('/feed');
      await state.feed.request({ op: 'price', id: index }, undefined, { name: 'price' });
      await state.feed.ping();
    }),
    watch: async ({ ws }) => {
      const feed = await ws.connect('/feed', { name: 'watch' });
      feed.send({ op: 'watch', everyMs: 10 });
      let seen = 0;
      for await (const message of feed) {
        if (message.json<{ op: string }>().op === 'price' && (seen += 1) === 5) break;
      }
      // Every second user keeps its connection open until it ends.
      if (Math.random() < 0.5) await feed.close();
    },
  },
});

export default scenario({ users: [viewer], load: startWith(10).hold('4s') });
