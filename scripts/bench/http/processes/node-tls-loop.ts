// Node's own TLS at its best: one shared secureContext and a connection for each request, with or
// without session resumption.
import { connect, createSecureContext } from 'node:tls';
import type { HttpAim } from '../bench.js';

const { url, connections, fresh } = JSON.parse(process.argv[2]!) as HttpAim;
const { hostname: host, port, pathname } = new URL(url);
const secureContext = createSecureContext();
const request = `GET ${pathname} HTTP/1.1\r\nhost: ${host}:${port}\r\nconnection: close\r\n\r\n`;
const options = { host, port: Number(port), secureContext, rejectUnauthorized: false };
let session: Buffer | undefined;

function exchange(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...options, ...(session !== undefined && { session }) });
    let status = '';
    socket.on('session', (latest) => {
      if (fresh === 'resumed') session = latest;
    });
    socket.on('error', reject);
    socket.on('data', (chunk) => (status ||= chunk.toString('latin1', 9, 12)));
    socket.on('close', () => (status === '200' ? resolve() : reject(new Error(`status ${status}`))));
    socket.write(request);
  });
}

async function repeat(): Promise<never> {
  for (;;) await exchange();
}

await Promise.all(Array.from({ length: connections }, repeat));
