// A target that answers every request at once, and records when it arrived.
import { createServer } from 'node:net';

const RESPONSE = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
let arrivals: number[] = [];

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => {});
  // A client sends its next request after the response, so that each piece is one request.
  socket.on('data', () => {
    arrivals.push(performance.now());
    socket.write(RESPONSE);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send!({ port: typeof address === 'object' ? address!.port : 0 });
});
process.on('message', () => {
  process.send!({ arrivals });
  arrivals = [];
});
process.on('disconnect', () => process.exit());
