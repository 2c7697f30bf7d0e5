// Shared by the scenarios of the gRPC benchmark: calls to the example's service in a closed loop.
// Each answer is decoded and checked.
import { grpc, startWith, user, type GrpcService, type Scenario, type ServiceOptions } from 'drumline';
import { measured } from '../measured.js';

interface Reply {
  readonly balances: readonly unknown[];
}

/** Must be called at the top level. */
export function accountsService(options: ServiceOptions): GrpcService {
  return grpc.load('../../../../examples/grpc-accounts/accounts.proto').service('bank.Accounts', options);
}

/** Users that request this many accounts in a loop. */
export function asking(count: number, channels: number): Scenario {
  const accounts = accountsService({ channels });
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  return measured({
    users: [
      user('teller', {
        tasks: {
          balances: async ({ check }) => {
            const reply = await accounts.call('GetBalances', { ids });
            check(reply, {
              'all there': ({ message }) => (message as Reply | undefined)?.balances.length === count,
            });
          },
        },
      }),
    ],
    load: startWith(1).hold(),
  });
}
