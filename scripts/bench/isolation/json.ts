// A target that answers everything with a megabyte of JSON: cheap to send, expensive to parse.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const accounts = Array.from({ length: 10_000 }, (_, id) => ({
  id,
  iban: `DE${String(id).padStart(20, '0')}`,
  cents: id * 7_919,
  history: [id, id + 1, id + 2],
}));
const body = Buffer.from(JSON.stringify({ accounts }));
const server = createServer((request, response) => {
  request.resume();
  response
    .writeHead(200, { 'content-type': 'application/json', 'content-length': body.byteLength })
    .end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.on('disconnect', () => process.exit());
