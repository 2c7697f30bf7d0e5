import { once } from 'node:events';
import net from 'node:net';
import type { EngineOptions, Failure } from '@drumline/drivers';
import { Dialler } from '../../../packages/drivers/src/dial/dialler.js';
import type {
  DialTarget,
  Transport,
  TransportReceiver,
} from '../../../packages/drivers/src/dial/transport.js';
import { closeAfterEach } from './closing.js';

/** Records everything that it receives. */
export class Listener implements TransportReceiver {
  text = '';
  bytes = 0;
  drains = 0;
  ends = 0;
  readonly buffers = new Set<Buffer>();
  /** The argument of each `onClosed` call. */
  readonly closings: (Failure | undefined)[] = [];
  #tellClosed!: () => void;
  readonly closed = new Promise<void>((resolve) => (this.#tellClosed = resolve));

  onBytes(bytes: Buffer, length: number): void {
    this.buffers.add(bytes);
    this.bytes += length;
    this.text += bytes.toString('latin1', 0, length);
  }

  onDrain(): void {
    this.drains++;
  }

  onEnd(): void {
    this.ends++;
  }

  onClosed(failure: Failure | undefined): void {
    this.closings.push(failure);
    this.#tellClosed();
  }
}

export interface Opened {
  readonly transport: Transport;
  readonly listener: Listener;
}

export interface DialOptions {
  readonly alpn?: readonly string[];
  readonly timeoutMs?: number;
}

/** A connection, or the failure. */
export function dial(
  dialler: Dialler,
  target: DialTarget,
  { alpn = ['http/1.1'], timeoutMs = 10_000 }: DialOptions = {},
): Promise<Opened | Failure> {
  return new Promise((resolve) => {
    dialler.dial(target, alpn, timeoutMs, {
      onOpen(transport) {
        const listener = new Listener();
        transport.receiver = listener;
        resolve({ transport, listener });
      },
      onFailed: resolve,
    });
  });
}

/** @throws Error if there is no connection */
export async function open(dialler: Dialler, target: DialTarget, options?: DialOptions): Promise<Opened> {
  const result = await dial(dialler, target, options);
  if ('class' in result) throw new Error(`no connection but: ${JSON.stringify(result)}`);
  return result;
}

/** Diallers and servers that are closed after each test. */
export function dialBench() {
  const closing = closeAfterEach();
  return {
    closing,
    dialler: (options: Partial<EngineOptions> = {}): Promise<Dialler> =>
      closing(new Dialler({ now: () => performance.now(), ...options })),
  };
}

/**
 * A server on all addresses of the machine, including IPv6. It reports the route of each
 * connection: `theirs>ours`.
 */
export async function serveEverywhere() {
  const visits: string[] = [];
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    visits.push(`${plain(socket.remoteAddress)}>${plain(socket.localAddress)}`);
    socket.end();
  });
  await once(server.listen(0, '::'), 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    visits,
    close: () => server.close(),
  };
}

/** IPv4 addresses on an IPv6 socket begin with `::ffff:`. */
function plain(address = ''): string {
  return address.replace('::ffff:', '');
}
