// The minimum cost of a load generator over @grpc/grpc-js: clients with a channel each, calling in
// a loop.
import { Client, credentials } from '@grpc/grpc-js';
import type { GrpcAim } from '../bench.js';
import { accountIds, PATH, typeOf } from '../messages.js';

interface Reply {
  readonly balances: readonly unknown[];
}

const { url, connections, streams = 1, accounts } = JSON.parse(process.argv[2]!) as GrpcAim;
const [requestType, replyType] = [typeOf('BalancesRequest'), typeOf('BalancesReply')];
const request = { ids: accountIds(accounts) };

function call(client: Client): Promise<Reply> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      PATH,
      (message: object) => requestType.encode(message).finish() as Buffer,
      (bytes) => replyType.decode(bytes) as unknown as Reply,
      request,
      { deadline: Date.now() + 30_000 },
      (error, reply) => (error ? reject(error) : resolve(reply!)),
    );
  });
}

async function repeat(client: Client): Promise<never> {
  for (;;) {
    const { balances } = await call(client);
    if (balances.length !== accounts) throw new Error(`${balances.length} accounts`);
  }
}

const clients = Array.from({ length: connections }, () => {
  const options = { 'grpc.use_local_subchannel_pool': 1 };
  return new Client(new URL(url).host, credentials.createInsecure(), options);
});
await Promise.all(clients.flatMap((client) => Array.from({ length: streams }, () => repeat(client))));
