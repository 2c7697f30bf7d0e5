import { scenario, startWith, user } from 'drumline';

const listener = user('listener', {
  tasks: {
    listen: async ({ ws }) => {
      const feed = await ws.connect('/feed');
      await feed.expect(undefined, { timeout: '60s' });
    },
  },
});

export default scenario({ users: [listener], load: startWith(8).hold('3s'), stopTimeout: '1s' });
