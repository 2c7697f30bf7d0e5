import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { serveGrpc, unary, type GrpcTestServer } from '../contract/support/grpc-servers.js';

const PROTO = fileURLToPath(new URL('../../examples/grpc-accounts/accounts.proto', import.meta.url));
const ARCHIVE_BYTES = 64 * 2 ** 20;

/** `bank.Accounts` of the examples, with prepared answers. `ids: [0]` requests one of 64 MB. */
export interface GrowingBank extends GrpcTestServer {
  /** Number of answers by request: `100 accounts`, `archive`. */
  readonly answered: Readonly<Record<string, number>>;
}

export async function serveGrowingBank(): Promise<GrowingBank> {
  const root = protobuf.loadSync(PROTO);
  const [Request, Reply] = ['BalancesRequest', 'BalancesReply'].map((name) =>
    root.lookupType(`bank.${name}`),
  );
  const encode = (balances: object[]): Buffer => Buffer.from(Reply!.encode({ balances }).finish());
  const answers = new Map<string, Buffer>();
  const answered: Record<string, number> = {};
  const server = await serveGrpc({
    '/bank.Accounts/GetBalances': unary(({ request }, answer) => {
      const ids = (Request!.decode(request) as unknown as { ids: unknown[] }).ids.map(Number);
      const name = ids[0] === 0 ? 'archive' : `${ids.length} accounts`;
      if (!answers.has(name))
        answers.set(name, encode(ids[0] === 0 ? [{ note: '-'.repeat(ARCHIVE_BYTES) }] : ids.map(balanceOf)));
      answered[name] = (answered[name] ?? 0) + 1;
      answer(null, answers.get(name)!);
    }),
  });
  return Object.assign(server, { answered });
}

function balanceOf(id: number): object {
  const iban = `DE${String(id).padStart(20, '0')}`;
  const updatedAtMs = 1_760_000_000_000 + id;
  return {
    id,
    iban,
    holder: `Holder of account ${id}`,
    currency: 'EUR',
    cents: id * 7,
    updatedAtMs,
    note: 'current',
  };
}
