// Growing calls: answers with 10, 100, 1,000 and 10,000 accounts (a megabyte), and one of 64 MB.
// The users compute between calls, more than the lanes can handle.
import { constant, grpc, scenario, startWith, user, type UserContext } from 'drumline';

const STEP_MS = 1_200;
const SIZES = [10, 100, 1_000, 10_000];
const ARCHIVE = 0;

const accounts = grpc
  .load('../../examples/grpc-accounts/accounts.proto')
  .service('bank.Accounts', { channels: 2, deadline: '30s', maxReceiveBytes: 0 });

function compute(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** The first call of this lane. */
let startedMs: number | undefined;

async function growing({ check }: UserContext<unknown>): Promise<void> {
  startedMs ??= performance.now();
  const step = Math.floor((performance.now() - startedMs) / STEP_MS);
  const count = SIZES[Math.min(step, SIZES.length - 1)]!;
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  const reply = await accounts.call('GetBalances', { ids }, { name: `${count} accounts` });
  check(reply, { 'all there': ({ message }) => message?.balances.length === count });
  compute(10);
}

export default scenario({
  users: [
    user('archivist', {
      fixedCount: 1,
      wait: constant('1h'),
      tasks: {
        fetch: async ({ check }) => {
          const reply = await accounts.call('GetBalances', { ids: [ARCHIVE] }, { name: 'archive' });
          check(reply, { 'all of it': ({ message }) => message?.balances[0].note.length === 64 * 2 ** 20 });
        },
      },
    }),
    user('teller', { tasks: { growing } }),
  ],
  load: startWith(13).hold('6s'),
});
