import { grpc, scenario, startWith, user } from 'drumline';

// Only the environment of the master has the address.
const bank = await grpc.reflect(process.env['BANK']!);
const accounts = bank.service('bank.Accounts');

const teller = user('teller', {
  fixedCount: 1,
  tasks: {
    balances: async ({ check, sleep }) => {
      const reply = await accounts.call('GetBalances', { ids: [7] });
      check(reply, { 'it is there': ({ message }) => Number(message.balances[0].cents) === 7 });
      await sleep('10ms');
    },
  },
});

export default scenario({ users: [teller], load: startWith(1).hold('1s') });
