// Reads balances over gRPC: 10, 100 and 1,000 accounts a call, under growing load. Other users
// watch bookings, make deposits and run audits.
//
//   npx drumline run examples/grpc-accounts/scenario.ts
import { between, constant, grpc, ramp, scenario, task, user, type UserContext } from 'drumline';

// Load the .proto file at the top level. It is read once, where the scenario is started, and is
// sent to the workers with the scenario.
const accounts = grpc.load('accounts.proto').service('bank.Accounts', { channels: 4, deadline: '2s' });

/** The accounts from 1 to `count`. */
const idsTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** One call for all of them. Each size has its own row in the report. */
function balances(count: number) {
  // It never changes, so it is encoded once.
  const request = Object.freeze({ ids: Object.freeze(idsTo(count)) });
  const options = { name: `balances of ${count}`, metadata: { tenant: 'a' } };
  return async ({ check }: UserContext<unknown>): Promise<void> => {
    const reply = await accounts.call('GetBalances', request, options);
    check(reply, { 'all there': ({ message }) => message?.balances.length === count });
  };
}

const teller = user('teller', {
  weight: 9,
  wait: between('100ms', '300ms'),
  tasks: {
    ten: task(10, balances(10)),
    hundred: task(3, balances(100)),
    thousand: task(1, balances(1_000)),
    // The same thousand in calls of 250, two at a time. Each call is timed, and the whole step.
    batched: task(1, async ({ check }) => {
      const replies = await accounts.batches('GetBalances', idsTo(1_000), {
        size: 250,
        concurrency: 2,
        request: (ids) => ({ ids }),
        name: 'balances of 250',
      });
      check(replies, { 'all there': (all) => all.every(({ ok }) => ok) });
    }),
    // NOT_FOUND is the expected answer.
    missing: async () => {
      await accounts.call('GetBalances', { ids: [0] }, { name: 'no such account', expect: 'NOT_FOUND' });
    },
  },
});

const clerk = user('clerk', {
  wait: constant('500ms'),
  tasks: {
    // A server stream. The first message is timed from the call, each later one from the one
    // before.
    watch: async ({ check }) => {
      const stream = accounts.stream('Watch', { id: 7, bookings: 20 });
      let cents = 0;
      for await (const booking of stream) cents += Number(booking.cents);
      check(stream, { 'all came': ({ received }) => received === 20, 'is money': () => cents > 0 });
    },
    // A stream to the server, and one receipt.
    deposit: async ({ check }) => {
      const bookings = idsTo(50).map((accountId) => ({ accountId, cents: 100 }));
      const reply = await accounts.send('Deposit', bookings);
      check(reply, { 'all booked': ({ message }) => message?.bookings === 50 });
    },
    // A bidirectional stream: the client sends the next account after the finding on the last one.
    audit: async ({ check }) => {
      const audit = accounts.open('Audit');
      let next = 1;
      await audit.send({ id: next });
      for await (const { inOrder } of audit) {
        check(inOrder, { 'in order': (yes) => yes === true });
        next += 1;
        if (next <= 5) await audit.send({ id: next });
        else audit.end();
      }
    },
  },
});

export default scenario({
  target: 'http://127.0.0.1:50051',
  users: [teller, clerk],
  load: ramp({ to: 10, over: '5s' })
    .hold('5s')
    .ramp({ to: 50, over: '5s' })
    .hold('5s')
    .ramp({ to: 100, over: '5s' })
    .hold('10s'),
});
