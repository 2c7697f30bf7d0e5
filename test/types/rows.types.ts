// The types of rows of test data in tasks. This file must compile and need not run; each marked
// line must not compile.
import { anyOf, data, inOrder, scenario, task, user, type UserContext } from 'drumline';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only for the type `true`. */
function is<_T extends true>(): void {}

interface Account {
  readonly id: number;
  readonly name: string;
}
const accounts = data.csv('./accounts.csv', { columns: { id: Number, name: String } });
const words = data.lines('./words.txt');
const rows = { account: accounts.perUser(), word: words.perIteration() };

// Declared beside the tasks, rows are known in functions written directly there.
const beside = user('beside', {
  data: rows,
  onStart: ({ data }) => is<Equal<typeof data.account.id, number>>(),
  tasks: {
    direct({ data: { account, word } }) {
      is<Equal<typeof account.name, string>>();
      is<Equal<typeof word, string>>();
    },
    // @ts-expect-error: no such row
    wrong: ({ data }) => data.acount,
    plain: task(2, ({ state }) => state),
    // @ts-expect-error: the rows are not known inside a call
    inside: task(2, ({ data }) => data.account),
    // A context with a name is known everywhere.
    named: task(2, ({ data }: UserContext<undefined, typeof rows>) => {
      is<Equal<typeof data.account.id, number>>();
    }),
  },
});

// Declared in the second argument, rows are known everywhere.
const inGroup = user(
  'inGroup',
  { data: rows },
  {
    onStart: ({ data }) => is<Equal<typeof data.account.id, number>>(),
    onStop: ({ data }) => is<Equal<typeof data.word, string>>(),
    tasks: inOrder({
      direct: ({ data }) => is<Equal<typeof data.account, Readonly<Account>>>(),
      inside: task(3, ({ data: { account } }) => is<Equal<typeof account.id, number>>()),
      deep: task({ weight: 2 }, anyOf({ deeper: inOrder({ deepest: ({ data }) => data.word.length }) })),
      // @ts-expect-error: no such row
      wrong: task(3, ({ data }) => data.acount),
      // @ts-expect-error: no such column
      deepWrong: inOrder({ a: ({ data }) => data.account.nme }),
    }),
  },
);
user(
  'byName',
  { data: rows },
  {
    tasks: { inside: task(3, ({ data }) => is<Equal<typeof data.account.id, number>>()) },
  },
);

// State and rows together.
const both = user(
  'both',
  { state: () => ({ cart: [1] }), data: rows },
  {
    tasks: {
      direct: ({ state, data }) => state.cart.push(data.account.id),
      inside: task(3, ({ state, data }) => state.cart.push(data.account.id)),
      group: inOrder({ a: ({ state, data }) => state.cart.push(data.account.id) }),
      // @ts-expect-error: a word is no number
      wrong: task(3, ({ state, data }) => state.cart.push(data.word)),
    },
  },
);
user('onlyState', { state: () => 7 }, { tasks: { a: ({ state }) => is<Equal<typeof state, number>>() } });
// @ts-expect-error: an unknown option
user('unknown', { dta: rows }, { tasks: { a() {} } });
// Tasks that need no rows belong to any user.
const ping = task(3, ({ http }: UserContext<unknown>) => http.get('/'));
const pings = inOrder({ ping, again: ({ http }) => http.get('/') });
user('reuse', { data: rows }, { tasks: { ping, pings } });
scenario({ users: [beside, inGroup, both] });
