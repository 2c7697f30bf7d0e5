/** Type errors for calls to services with known types, and with unknown ones. */
import type { GrpcService } from '@drumline/drivers/grpc';
import { grpc } from 'drumline';

interface Accounts {
  Get: { kind: 'unary'; request: { ids?: number[] }; response: { balances: { cents: number }[] } };
  Watch: { kind: 'serverStream'; request: { id?: number }; response: { at: string } };
}

export async function typed(accounts: GrpcService<Accounts>): Promise<void> {
  const reply = await accounts.call('Get', { ids: [1] });
  reply.message?.balances[0]?.cents.toFixed();
  for await (const event of accounts.stream('Watch', { id: 7 })) event.at.trim();
  await accounts.call('Get', accounts.encoded('Get', { ids: [2] }));
  const [first] = await accounts.batches('Get', [1, 2], { size: 1, request: (ids) => ({ ids: [...ids] }) });
  first?.message?.balances.at(0);
  // @ts-expect-error a wrong field
  await accounts.call('Get', { idz: [1] });
  // @ts-expect-error a method of another kind
  await accounts.call('Watch', {});
  // @ts-expect-error a message of another method
  await accounts.call('Get', accounts.encoded('Watch', { id: 2 }));
}

export async function untyped(service: GrpcService): Promise<void> {
  const reply = await service.call(
    'GetBalances',
    { ids: [1] },
    { name: 'balances', metadata: { tenant: 'a' } },
  );
  reply.message?.balances.length.toFixed();
  for await (const event of service.stream('Watch', { id: 7 })) event.at.trim();
}

const source = grpc.load(['accounts.proto', 'money.protoset'], { includeDirs: ['protos'] });
export const accounts = source.service('bank.Accounts', {
  channels: 'user',
  deadline: '2s',
  keepAlive: { every: '30s' },
});
export const reflected = (await grpc.reflect('localhost:50051', { deadline: '5s' })).service('bank.Accounts');
// @ts-expect-error a misspelt option
source.service('bank.Accounts', { chanels: 4 });
// @ts-expect-error not a duration
source.service('bank.Accounts', { deadline: 'soon' });
// @ts-expect-error a source is not a service
source.call('GetBalances', {});
