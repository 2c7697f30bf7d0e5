// Drumline's engine alone: one session for each connection, each a loop of requests with a check of
// the status.
import { createNativeEngine, type ExchangeResult } from '@drumline/drivers';
import type { HttpAim } from '../bench.js';

const { url, connections } = JSON.parse(process.argv[2]!) as HttpAim;
const tls = { rejectUnauthorized: false };
const engine = createNativeEngine({ now: () => performance.now(), tls });
const { origin, pathname: path } = new URL(url);
const headers = Object.freeze([
  'user-agent',
  'Drumline',
  'accept',
  '*/*',
  'accept-encoding',
  'gzip, deflate, br',
]);

const request = { method: 'GET', origin, path, headers };

async function repeat(): Promise<never> {
  const session = engine.openSession();
  for (;;) {
    const result = await new Promise<ExchangeResult>((onEnd) => session.exchange(request, { onEnd }));
    if (result.kind === 'failed') throw new Error(result.failure.message);
    if (result.status !== 200) throw new Error(`status ${result.status}`);
  }
}

await Promise.all(Array.from({ length: connections }, repeat));
