// From store.json, Store 1.0.0: 5 of 5 operations.
import { between, ramp, scenario, secrets, task, user } from 'drumline';

// Secrets are not stored in this file. --secret API_USERNAME --secret API_PASSWORD --secret API_KEY
// reads them from the environment.
const { API_USERNAME = '', API_PASSWORD = '', API_KEY = '' } = secrets;

const client = user('client', () => ({ itemId: 0 }), {
  wait: between('1s', '3s'),
  async onStart({ http, state }) {
    http.auth({ username: API_USERNAME, password: API_PASSWORD });
    const item = await http.post('/items', { json: { name: 'name', price: 0.5 } });
    state.itemId = item.json<{ itemId: number }>().itemId;
  },
  tasks: {
    findItems: task(3, async ({ http }) => {
      await http.get('/items', { query: { ids: '1', kind: ['a'] } });
    }),
    addItem: async ({ http }) => {
      await http.post('/items', { json: { name: 'name', price: 0.5 } });
    },
    getItem: task(3, async ({ http, state }) => {
      await http.get(`/items/${state.itemId}`, {
        query: { key: API_KEY },
        name: '/items/[itemId]',
      });
    }),
    updateItemWithForm: async ({ http, state }) => {
      await http.post(`/items/${state.itemId}`, {
        form: { name: 'name' },
        name: '/items/[itemId]',
      });
    },
    uploadPicture: async ({ http, state }) => {
      await http.put(`/items/${state.itemId}/picture`, {
        multipart: { file: { filename: 'file.bin', content: 'content' } },
        name: '/items/[itemId]/picture',
      });
    },
  },
});

export default scenario({
  target: 'https://store.example:8443/v2',
  users: [client],
  load: ramp({ to: 10, over: '10s' }).hold('1m'),
});
