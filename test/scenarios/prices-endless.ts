import { scenario, startWith, user } from 'drumline';

const viewer = user('viewer', {
  tasks: {
    listen: async ({ http }) => {
      for await (const event of http.events('/prices?ms=20')) event.json();
    },
  },
});

export default scenario({ users: [viewer], load: startWith(6).hold('2s'), stopTimeout: '500ms' });
