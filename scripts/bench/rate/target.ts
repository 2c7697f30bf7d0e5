// A target that answers every request at once, and records when it arrived, and of which path.
import { createServer } from 'node:net';

const RESPONSE = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
/** Where the path begins in `GET /17 HTTP/1.1`, after its slash. */
const PATH_AT = 5;
const [ZERO, NINE] = [0x30, 0x39];
let arrivals: number[] = [];
let numbers: number[] = [];

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => {});
  // A client sends its next request after the response, so that each piece is one request.
  socket.on('data', (request) => {
    arrivals.push(performance.now());
    numbers.push(numberIn(request));
    socket.write(RESPONSE);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send!({ port: typeof address === 'object' ? address!.port : 0 });
});
process.on('message', () => {
  process.send!({ arrivals, numbers });
  [arrivals, numbers] = [[], []];
});
process.on('disconnect', () => process.exit());

/** The number that is the path; 0 for `/`. */
function numberIn(request: Buffer): number {
  let number = 0;
  for (let at = PATH_AT; request[at]! >= ZERO && request[at]! <= NINE; at += 1)
    number = number * 10 + request[at]! - ZERO;
  return number;
}
