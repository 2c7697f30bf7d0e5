import { between, scenario, startWith, user } from 'drumline';

const viewer = user('viewer', {
  wait: between(1, 20),
  tasks: {
    all: async ({ http }) => {
      for await (const event of http.events('/prices?ms=5&events=8', { name: 'all' })) event.json();
    },
    some: async ({ http }) => {
      let seen = 0;
      for await (const _ of http.events('/prices?ms=5', { name: 'some' })) if ((seen += 1) === 3) break;
    },
    refused: async ({ http }) => {
      for await (const _ of http.events('/products', { name: 'refused' })) throw new Error('no events there');
    },
  },
});

export default scenario({ users: [viewer], load: startWith(6).hold('3s') });
