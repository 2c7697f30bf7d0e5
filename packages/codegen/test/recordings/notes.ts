// From notes.har, recorded with Firefox 148.0 on 2026-03-05: 7 of 12 requests, plus 3 that follow
// redirects.
// Left out: 2 images, scripts and other assets.
import { between, inOrder, ramp, scenario, secrets, user } from 'drumline';

// Secrets are not stored in this file. --secret USER_PASSWORD reads it from the environment.
const { USER_PASSWORD = '' } = secrets;

const visitor = user('visitor', {
  wait: between('800ms', '2.5s'),
  tasks: inOrder({
    login: async ({ http, sleep }) => {
      const loginPage = await http.get('/login');
      const [, authenticityToken = ''] =
        /name="authenticity_token" value="([^"']+)"/.exec(loginPage.text()) ?? [];
      await sleep('1.5s');
      await http.post('/login', {
        form: {
          authenticity_token: authenticityToken,
          'user[name]': 'grace',
          'user[password]': USER_PASSWORD,
          remember: '1',
        },
      });
    },
    createNote: async ({ http, sleep }) => {
      const newPage = await http.get('/notes/new');
      const [, authenticityToken = ''] =
        /name="authenticity_token" value="([^"']+)"/.exec(newPage.text()) ?? [];
      await sleep('1.5s');
      await http.post('/notes', {
        multipart: {
          authenticity_token: authenticityToken,
          title: 'Compilers',
          tags: ['history', 'code'],
          picture: {
            filename: 'moth.png',
            contentType: 'image/png',
            content: 'replace this with the content of the file',
          },
        },
      });
    },
    updateNote: async ({ http }) => {
      await http.patch('/notes/317', {
        json: { starred: true },
        headers: {
          accept: 'application/json',
          'x-xsrf-token': http.cookies.get('XSRF-TOKEN'),
          'x-requested-with': 'XMLHttpRequest',
        },
        name: '/notes/[id]',
      });
    },
    note: async ({ http }) => {
      await http.get('/notes/317?print&size=a4', { name: '/notes/[id]' });
    },
    logout: async ({ http }) => {
      await http.post('/logout');
    },
  }),
});

export default scenario({
  target: 'http://notes.example:8080',
  users: [visitor],
  load: ramp({ to: 10, over: '10s' }).hold('1m'),
});
