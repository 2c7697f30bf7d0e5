import { between, grpc, scenario, startWith, task, user } from 'drumline';

const accounts = grpc
  .load('protos/bank/accounts.proto', { includeDirs: ['protos'] })
  .service('bank.Accounts', { channels: 2, deadline: '10s' });

/** Code that all users share. The server receives the caller's name, to compare with the report. */
async function balances(who: string, count: number) {
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  return await accounts.call('GetBalances', { ids }, { metadata: { who } });
}

const reader = user('reader', {
  weight: 2,
  wait: between(1, 20),
  tasks: {
    balances: task(4, async ({ check, sleep }) => {
      const pair = Promise.all([balances('reader', 3), balances('reader', 3)]);
      await sleep(1);
      for (const reply of await pair)
        check(reply, { 'all there': ({ message }) => message.balances.length === 3 });
    }),
    watch: async ({ check }) => {
      const watch = accounts.stream('Watch', { ids: [5] }, { metadata: { who: 'reader' } });
      let cents = 0;
      for await (const money of watch) cents += Number(money.cents);
      check(watch, { 'ended well': ({ status }) => status === 'OK', 'five of them': () => cents === 25 });
    },
    audit: async ({ check }) => {
      const audit = accounts.open('Audit', { metadata: { who: 'reader' } });
      for (const id of [1, 2, 3]) await audit.send({ ids: [id] });
      audit.end();
      let answers = 0;
      for await (const _ of audit) answers += 1;
      check(answers, { 'an answer each': (count) => count === 3 });
    },
  },
});

const writer = user('writer', {
  wait: between(1, 20),
  tags: { tier: 'gold' },
  tasks: {
    later: async () => {
      // A call belongs to the user whose code caused it, even in a callback.
      await new Promise((resolve) => setTimeout(() => resolve(balances('writer', 1)), 2));
    },
    deposit: async ({ check }) => {
      const amounts = [1, 2, 3n, '4'].map((cents) => ({ cents }));
      const reply = await accounts.send('Deposit', amounts, { metadata: { who: 'writer' } });
      check(reply, { 'all booked': ({ message }) => Number(message.cents) === 10 });
    },
    missing: async () => {
      await balances('writer', 0);
    },
    misspelt: async () => {
      await accounts.call('GetBalance', { ids: [1] });
    },
  },
});

export default scenario({
  users: [reader, writer],
  load: startWith(12).hold('3s'),
  setup: async () => Number((await balances('(setup)', 1)).message.balances[0].cents),
  teardown: async () => {
    await balances('(teardown)', 1);
  },
  onWorker: {
    runStart: async () => {
      await balances('nobody', 1).catch((error: Error) => console.log(`refused: ${error.message}`));
    },
  },
});
