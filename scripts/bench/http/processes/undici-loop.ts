// The minimum cost of a load generator over undici: a Client for each user, in a loop, with or
// without a pace.
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'undici';
import type { HttpAim } from '../bench.js';

const { url, connections, requestsPerSecond } = JSON.parse(process.argv[2]!) as HttpAim;
const { origin, pathname: path } = new URL(url);
const intervalMs = requestsPerSecond === undefined ? 0 : (connections / requestsPerSecond) * 1_000;

async function repeat(): Promise<never> {
  const client = new Client(origin, { connect: { rejectUnauthorized: false } });
  await pause(Math.random() * intervalMs);
  for (;;) {
    const startedMs = performance.now();
    const { statusCode, body } = await client.request({ method: 'GET', path });
    await body.text();
    if (statusCode !== 200) throw new Error(`status ${statusCode}`);
    const restMs = startedMs + intervalMs - performance.now();
    if (restMs > 0) await pause(restMs);
  }
}

await Promise.all(Array.from({ length: connections }, repeat));
