// Answers after a known delay and records when it did. Generators' response times are compared with
// this record.
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createHistogram } from 'node:perf_hooks';

/** Its reply to the message `report`, in milliseconds. `reset` clears it. */
export interface Truth {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly requests: number;
}

const DELAY_MS = Number(process.argv[2]);
const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 3\r\n\r\nok\n';

const times = createHistogram({ figures: 3 });
// All wait equally long, so the queue is first in, first out.
const waiting: { socket: Socket; sinceMs: number }[] = [];
let watching = false;

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.on('data', () => {
    waiting.push({ socket, sinceMs: performance.now() });
    if (!watching) watch();
  });
});

/** Reads the clock in every turn of the loop, because timers have a resolution of a millisecond. */
function watch(): void {
  while (waiting[0] !== undefined && performance.now() - waiting[0].sinceMs >= DELAY_MS) {
    const { socket, sinceMs } = waiting.shift()!;
    socket.write(ANSWER);
    times.record(Math.round((performance.now() - sinceMs) * 1e6));
  }
  watching = waiting.length > 0;
  if (watching) setImmediate(watch);
}

process.on('message', (message) => {
  if (message === 'reset') times.reset();
  if (message !== 'report') return;
  const [p50Ms, p99Ms] = [50, 99].map((percent) => times.percentile(percent) / 1e6);
  process.send!({ p50Ms, p99Ms, requests: times.count } as Truth);
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 8_192 }, () => {
  process.send!({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
});
