import { constant, startWith, user, type Scenario } from 'drumline';
import { measured } from '../measured.js';
import { accountsService } from './accounts.js';

/** Users that call once and wait. Must be called at the top level. */
export function waiting(channels: number | 'user'): Scenario {
  const accounts = accountsService({ channels });
  return measured({
    users: [
      user('waiter', {
        wait: constant('1h'),
        tasks: {
          balances: async ({ check }) => {
            const reply = await accounts.call('GetBalances', { ids: [1] });
            check(reply, { 'status is OK': ({ status }) => status === 'OK' });
          },
        },
      }),
    ],
    load: startWith(1).hold(),
  });
}
