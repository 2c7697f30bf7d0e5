// Tasks with tags, for --tags and --exclude-tags.
import { anyOf, constant, scenario, startWith, task, user, type UserContext } from 'drumline';

const get =
  (name: string) =>
  async ({ http }: UserContext) =>
    void (await http.get('/status/200', { name }));

export default scenario({
  users: [
    user('reader', {
      wait: constant('20ms'),
      onStop: get('goodbye'),
      tasks: {
        read: task({ tags: ['read'] }, get('read')),
        slowRead: task({ tags: ['read', 'slow'] }, get('slow read')),
        write: task({ tags: ['write'] }, get('write')),
        untagged: get('untagged'),
        nested: task({ weight: 2, tags: ['read'] }, anyOf({ inner: get('nested read') })),
      },
    }),
    user('writer', { tasks: { write: task({ tags: ['write'] }, get('writer write')) } }),
  ],
  load: startWith(3).hold('1s'),
});
