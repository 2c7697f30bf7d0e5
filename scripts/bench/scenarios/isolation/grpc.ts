// Neighbors that request ten thousand accounts a second each: a megabyte, expensive to decode.
import { grpc, throughput, user } from 'drumline';
import { visitorsBeside } from './visitors.js';

const accounts = grpc
  .load('../../../../examples/grpc-accounts/accounts.proto')
  .service('bank.Accounts', { target: process.env['BENCH_NEIGHBOR'] });
const ids = Array.from({ length: 1_000 }, (_, id) => id + 1);

export default visitorsBeside((lanes) =>
  user('neighbour', {
    ...lanes,
    wait: throughput(1),
    tasks: {
      ask: async ({ check }) => {
        const reply = await accounts.call('GetBalances', { ids });
        check(reply, { 'all there': ({ message }) => message?.balances.length === 10_000 });
      },
    },
  }),
);
