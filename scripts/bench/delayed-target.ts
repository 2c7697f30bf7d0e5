// A target that answers after a delay, and measures how long each request was really in it.
// Started by trust.ts.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Histogram } from '@drumline/stats';

const DELAY_MS = Number(process.argv[2] ?? 20);
const times = new Histogram();

const server = http.createServer((_, response) => {
  const from = performance.now();
  setTimeout(() => {
    response.end('ok');
    times.record((performance.now() - from) * 1_000);
  }, DELAY_MS);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.send!({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.on('message', () => {
  const [p50Us, p99Us] = times.quantiles([0.5, 0.99]) as [number, number];
  process.send!({ p50Ms: p50Us / 1_000, p99Ms: p99Us / 1_000 });
  times.reset();
});
process.on('disconnect', () => process.exit());
