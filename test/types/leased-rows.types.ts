// The types of rows that are taken or borrowed. This file must compile and need not run; each
// marked line must not compile.
import { data, user } from 'drumline';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only for the type `true`. */
function is<_T extends true>(): void {}

interface Voucher {
  readonly code: string;
}
const vouchers = data.ndjson<Voucher>('./vouchers.ndjson', { use: 'once', whenEmpty: 'stop-user' });
const numbers = data.csv('./numbers.csv', { columns: { id: Number }, use: 'once', order: 'shuffled' });
const accounts = data.csv('./accounts.csv', { columns: { id: Number }, use: 'borrow' });
const lines = data.lines('./words.txt', { use: 'borrow', whenEmpty: 'stop-run' });
const made = data.rows(() => [{ id: 1 }], { use: 'once', whenEmpty: 'repeat' });
const common = data.json<Voucher>('./vouchers.json');

export const buyer = user('buyer', {
  data: { voucher: common.perUser() },
  onStart: async ({ borrow }) =>
    is<Equal<Awaited<ReturnType<typeof borrow<{ id: number }>>>['id'], number>>(),
  tasks: {
    async redeem({ take, borrow }) {
      const voucher = await take(vouchers);
      is<Equal<typeof voucher, Voucher>>();
      const number = await take(numbers);
      is<Equal<typeof number.id, number>>();
      const account = await borrow(accounts);
      is<Equal<typeof account.id, number>>();
      const word = await borrow(lines);
      is<Equal<typeof word, string>>();
      const row = await take(made);
      is<Equal<typeof row, { id: number }>>();
      // @ts-expect-error: these rows are shared
      await take(common);
      // @ts-expect-error: these rows are borrowed
      await take(accounts);
      // @ts-expect-error: these rows are used once
      await borrow(vouchers);
      // @ts-expect-error: there is no such column
      return account.name;
    },
  },
});

// @ts-expect-error: rows that are used once belong to no user
vouchers.perUser();
// @ts-expect-error: rows that are borrowed belong to no iteration
accounts.perIteration();
// @ts-expect-error: there is no such use
data.lines('./words.txt', { use: 'twice' });
// @ts-expect-error: a random order gives rows several times
data.lines('./words.txt', { use: 'once', order: 'random' });
// @ts-expect-error: borrowed rows are not repeated
data.lines('./words.txt', { use: 'borrow', whenEmpty: 'repeat' });
// @ts-expect-error: without a use, perUser() and perIteration() say what happens
data.lines('./words.txt', { whenEmpty: 'wait' });
// @ts-expect-error: there is no such choice
data.lines('./words.txt', { use: 'once', whenEmpty: 'stop' });
