// The minimum cost of a request on Node's own sockets. It writes the same bytes again and again,
// for all connections at the end of a turn of the event loop. It awaits each response once and
// reads one byte of its status. Any cost above this belongs to the generator.
import { connect, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext } from 'node:tls';
import type { HttpAim } from '../bench.js';

const { url, connections } = JSON.parse(process.argv[2]!) as HttpAim;
const { protocol, hostname: host, port, pathname } = new URL(url);
const request = Buffer.from(
  `GET ${pathname} HTTP/1.1\r\nhost: ${host}:${port}\r\nuser-agent: bare\r\naccept: */*\r\n\r\n`,
);
const buffer = Buffer.allocUnsafeSlow(64 * 1024);
const secureContext = protocol === 'https:' ? createSecureContext() : undefined;
/** Offset of the status code in `HTTP/1.1 200`. */
const STATUS_AT = 9;
const TWO = 0x32;

const waiting: Socket[] = [];

/** Batches the writes, so that an idle target wakes once for all of them. */
function sendAtTurnEnd(socket: Socket): void {
  if (waiting.push(socket) === 1) setImmediate(sendAll);
}

function sendAll(): void {
  for (const socket of waiting) socket.write(request);
  waiting.length = 0;
}

async function repeat(): Promise<never> {
  let arrived: (fine: boolean) => void = () => {};
  const onread = {
    buffer,
    callback: (length: number): boolean => {
      // A response of a kilobyte arrives in one piece over loopback.
      arrived(length > STATUS_AT && buffer[STATUS_AT] === TWO);
      return true;
    },
  };
  const to = { host, port: Number(port), onread };
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opened: Socket =
      secureContext === undefined
        ? connect(to, () => resolve(opened))
        : connectTls({ ...to, secureContext, rejectUnauthorized: false }, () => resolve(opened));
    opened.on('error', reject);
  });
  for (;;) {
    const response = new Promise<boolean>((resolve) => (arrived = resolve));
    sendAtTurnEnd(socket);
    if (!(await response)) throw new Error('no status 2xx, or a response in pieces');
  }
}

await Promise.all(Array.from({ length: connections }, repeat));
