// Users that read one stream of messages after another to its end.
import { startWith, user } from 'drumline';
import { measured } from '../measured.js';
import { accountsService } from './accounts.js';

const accounts = accountsService({ channels: 1 });

export default measured({
  users: [
    user('watcher', {
      tasks: {
        watch: async ({ check }) => {
          const stream = accounts.stream('Watch', { id: 7 });
          for await (const booking of stream) void booking;
          check(stream, { 'all came': ({ received }) => received === 1_000 });
        },
      },
    }),
  ],
  load: startWith(1).hold(),
});
