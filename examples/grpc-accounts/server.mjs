// The bank of this example, without Drumline: node examples/grpc-accounts/server.mjs [PORT]
import { fileURLToPath } from 'node:url';
import { Server, ServerCredentials, loadPackageDefinition, status } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const PROTO = fileURLToPath(new URL('accounts.proto', import.meta.url));
const ACCOUNTS = 1_000_000;
const BETWEEN_BOOKINGS_MS = 10;

const { bank } = loadPackageDefinition(loadSync(PROTO, { longs: Number, defaults: true }));
const port = process.argv[2] ?? '50051';
let calls = 0;

const accounts = {
  GetBalances({ request: { ids } }, answer) {
    calls += 1;
    const unknown = ids.find((id) => !exists(id));
    if (unknown !== undefined) answer(noAccount(unknown));
    else answer(null, { balances: ids.map(balanceOf) });
  },

  Watch(call) {
    calls += 1;
    const { id, bookings } = call.request;
    if (!exists(id)) return call.destroy(noAccount(id));
    let left = bookings || 20;
    const timer = setInterval(() => {
      call.write({ accountId: id, cents: 100 + left, atMs: Date.now() });
      left -= 1;
      if (left === 0) call.end();
    }, BETWEEN_BOOKINGS_MS);
    // Runs even if the caller has disconnected.
    call.on('close', () => clearInterval(timer));
    call.on('finish', () => clearInterval(timer));
    call.on('cancelled', () => clearInterval(timer));
  },

  Deposit(call, answer) {
    calls += 1;
    const receipt = { bookings: 0, cents: 0 };
    call.on('data', ({ cents }) => {
      receipt.bookings += 1;
      receipt.cents += cents;
    });
    call.on('end', () => answer(null, receipt));
  },

  Audit(call) {
    calls += 1;
    call.on('data', ({ id }) => call.write({ id, inOrder: exists(id) }));
    call.on('end', () => call.end());
  },
};

function exists(id) {
  return id >= 1 && id <= ACCOUNTS;
}

function noAccount(id) {
  return { code: status.NOT_FOUND, details: `there is no account ${id}` };
}

function balanceOf(id) {
  return {
    id,
    iban: `DE${String(id).padStart(20, '0')}`,
    holder: `Holder of account ${id}`,
    currency: 'EUR',
    cents: (id * 7_919) % 1_000_000,
    updatedAtMs: 1_760_000_000_000 + id,
    note: 'a current account',
  };
}

const server = new Server();
server.addService(bank.Accounts.service, accounts);
server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
  if (error) throw error;
  console.log(`bank.Accounts at 127.0.0.1:${bound}; Ctrl-C stops it and prints the number of answered calls`);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    console.log(`${calls} calls`);
    process.exit();
  });
}
