// A gRPC target that answers every call with 10,000 accounts, a prepared megabyte: cheap to send,
// expensive to decode.
import { createServer, type AddressInfo } from 'node:net';
import { balancesReply, prefixed } from '../grpc/messages.js';
import { AnsweringConnection } from '../grpc/processes/answering-connection.js';
import { cannedAnswer } from '../grpc/processes/canned-answer.js';

const answer = cannedAnswer([prefixed(balancesReply(10_000))]);
const server = createServer({ noDelay: true }, (socket) =>
  new AnsweringConnection(socket, answer, () => {}).start(),
);
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.on('disconnect', () => process.exit());
