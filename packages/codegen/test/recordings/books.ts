// From books.json, Books 2026-01: 7 of 8 operations.
// Left out: import (its application/xml body has no example).
// The document has no host. Set target in the scenario, or use --target.
import { between, ramp, scenario, secrets, task, user } from 'drumline';

// Secrets are not stored in this file. --secret PASSWORD --secret API_SESSION reads them from the
// environment.
const { PASSWORD = '', API_SESSION = '' } = secrets;

const client = user('client', () => ({ shelfId: '' }), {
  wait: between('1s', '3s'),
  async onStart({ http, state }) {
    http.cookies.set('SESSION', API_SESSION);
    const shelf = await http.post('/shelves', {
      json: { title: 'title' },
      headers: { 'content-type': 'application/vnd.books+json' },
    });
    state.shelfId = shelf.json<{ id: string }>().id;
  },
  tasks: {
    getShelves: task(3, async ({ http }) => {
      await http.get('/shelves');
    }),
    createShelf: async ({ http }) => {
      await http.post('/shelves', {
        json: { title: 'title' },
        headers: { 'content-type': 'application/vnd.books+json' },
      });
    },
    // One shelf
    getShelf: task(3, async ({ http, state }) => {
      await http.get(`/shelves/${state.shelfId}`, { name: '/shelves/[id]' });
    }),
    updateShelf: async ({ http, state }) => {
      await http.patch(`/shelves/${state.shelfId}`, {
        json: { title: 'title', tags: ['tag'] },
        name: '/shelves/[id]',
      });
    },
    booksRead: task(3, async ({ http }) => {
      await http.get('/books/978-3-16-148410-0.json', {
        query: { 'filter[lang]': 'en', 'filter[year]': 1901, fields: ['title', 'author'] },
        name: '/books/[isbn].[format]',
      });
    }),
    login: async ({ http }) => {
      await http.post('/login', {
        json: { email: 'user@example.com', password: PASSWORD, since: '2026-01-31' },
      });
    },
    createNote: async ({ http }) => {
      await http.post('/notes', {
        body: 'A note,\nwith two lines',
        headers: { 'content-type': 'text/plain' },
      });
    },
  },
});

export default scenario({
  target: 'http://localhost:8080/api',
  users: [client],
  load: ramp({ to: 10, over: '10s' }).hold('1m'),
});
