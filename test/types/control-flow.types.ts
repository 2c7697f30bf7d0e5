// The types of failures, steps, background work and stops. This file must compile and need not run;
// each marked line must not compile.
import { anyOf, inOrder, task, user } from 'drumline';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only for the type `true`. */
function is<_T extends true>(): void {}

user('careful', {
  onFailure: { onStart: 'stop-user', tasks: 'end-iteration' },
  tasks: inOrder(
    {
      a: task({ onFailure: 'continue' }, () => {}),
      b: anyOf({ c() {} }, { picks: 2, onFailure: 'stop-user' }),
    },
    { onFailure: 'end-iteration' },
  ),
});
user('simple', { onFailure: 'continue', tasks: { a() {} } });
// @ts-expect-error: unknown value of onFailure
user('wrong', { onFailure: 'retry', tasks: { a() {} } });
// @ts-expect-error: unknown value for a task
task({ onFailure: 'abort' }, () => {});
// @ts-expect-error: a fixed order does not pick tasks
inOrder({ a() {} }, { picks: 2 });

user('walker', {
  tasks: {
    async walk({ http, step, background, iteration, run, lane, user: me }) {
      is<Equal<ReturnType<typeof me.stop>, never>>();
      is<Equal<typeof lane, { readonly index: number; readonly count: number }>>();
      const stepped = await step('login', async () => (await http.get('/login')).status);
      is<Equal<typeof stepped, number>>();
      // @ts-expect-error: a step needs a name
      await step(() => 1);
      background(async ({ http: client, signal: ended, sleep: pause }) => {
        while (!ended.aborted) {
          await client.get('/poll');
          await pause('1s');
        }
      });
      // @ts-expect-error: background work must be a function
      background(http.get('/poll'));
      if (stepped === 500) iteration.end();
      // @ts-expect-error: stopping a run needs a reason
      if (stepped === 500) run.stop();
      if (stepped === 500) run.stop('enough');
    },
  },
});
