// Sends files, and rows of a compressed file, to the target.
import { data, inOrder, iterations, param, scenario, user } from 'drumline';

const directory = param('directory', { default: '.' });
const images = data.files(`${directory}/images/*.{jpg,png}`);
const rows = data.csv(`${directory}/rows.csv.gz`, { columns: { id: Number, text: String } });

const uploader = user(
  'uploader',
  { data: { image: images.perIteration(), row: rows.perIteration() } },
  {
    tasks: inOrder({
      upload: ({ http, data: { image } }) =>
        http.post('/image', { body: image.bytes(), headers: { 'x-name': image.name } }),
      tell: ({ http, data: { row } }) => http.post('/row', { json: row }),
    }),
  },
);

export default scenario({ users: [uploader], load: iterations({ total: 60, users: 4 }) });
