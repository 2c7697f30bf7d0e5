import { join } from 'node:path';
import { loadSync, type Type } from 'protobufjs';
import { ROOT } from '../harness/generators/commands.js';

/** The service of the example, which the benchmark's target implements. */
export const PROTO = join(ROOT, 'examples/grpc-accounts/accounts.proto');
export const PATH = '/bank.Accounts/GetBalances';

const schema = loadSync(PROTO);

export function typeOf(name: string): Type {
  return schema.lookupType(`bank.${name}`);
}

export function accountIds(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** An encoded request for this many accounts, with its prefix of five bytes. */
export function balancesRequest(accounts: number): Buffer {
  return prefixed(
    typeOf('BalancesRequest')
      .encode({ ids: accountIds(accounts) })
      .finish(),
  );
}

/** The answer to it, about 100 bytes for each account. */
export function balancesReply(accounts: number): Uint8Array {
  const balances = accountIds(accounts).map((id) => ({
    id,
    iban: `DE${String(id).padStart(20, '0')}`,
    holder: `Holder of account ${id}`,
    currency: 'EUR',
    cents: (id * 7_919) % 1_000_000,
    updatedAtMs: 1_760_000_000_000 + id,
    note: 'a current account',
  }));
  return typeOf('BalancesReply').encode({ balances }).finish();
}

/** One of the messages of a stream. */
export function booking(): Uint8Array {
  return typeOf('Booking').encode({ accountId: 7, cents: 12_345, atMs: 1_760_000_000_000 }).finish();
}

/**
 * A message after its length prefix. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export function prefixed(message: Uint8Array): Buffer {
  const bytes = Buffer.alloc(5 + message.length);
  bytes.writeUInt32BE(message.length, 1);
  bytes.set(message, 5);
  return bytes;
}
