import { Dialler } from '../../../packages/drivers/src/dial/dialler.js';
import type { Transport } from '../../../packages/drivers/src/dial/transport.js';
import type { Failure } from '../../../packages/drivers/src/engine/failure.js';
import { H2Connection } from '../../../packages/drivers/src/h2/connection.js';
import type {
  H2ConnectionEvents,
  H2Options,
  H2StreamEvents,
} from '../../../packages/drivers/src/h2/contract.js';
import { HeaderBlock } from '../../../packages/drivers/src/h2/header-block.js';
import { encodeField } from '../../../packages/drivers/src/h2/hpack/encoder.js';
import type { ReceivedHeaders } from '../../../packages/drivers/src/h2/received-headers.js';
import type { H2Stream } from '../../../packages/drivers/src/h2/stream.js';
import { closeAfterEach } from './closing.js';

/** Opens transports and HTTP/2 connections, and closes them after each test. */
export class H2Bench {
  readonly closing = closeAfterEach();

  /** @param ca trusted for TLS; undefined disables TLS */
  async transport(port: number, ca?: string): Promise<Transport> {
    const dialler = new Dialler({ now: () => performance.now(), ...(ca !== undefined && { tls: { ca } }) });
    await this.closing(dialler);
    const target = { secure: ca !== undefined, host: ca === undefined ? '127.0.0.1' : 'localhost', port };
    return new Promise((resolve, reject) => {
      dialler.dial(target, ['h2'], 5_000, {
        onOpen(transport) {
          transport.receiver = NOBODY;
          resolve(transport);
        },
        onFailed: (failure) => reject(new Error(failure.message)),
      });
    });
  }

  async connect(port: number, options: H2Options = {}, ca?: string): Promise<Client> {
    return new Client(await this.transport(port, ca), options);
  }
}

const NOBODY = { onBytes() {}, onDrain() {}, onEnd() {}, onClosed() {} };

export interface Request {
  readonly method?: string;
  readonly path?: string;
  /** Name, value, … after the pseudo-headers. */
  readonly headers?: readonly string[];
  readonly body?: Uint8Array;
  /** Leaves the stream open, for `sendData`. */
  readonly open?: boolean;
}

/** A connection and its callbacks. */
export class Client implements H2ConnectionEvents {
  readonly connection: H2Connection;
  /** `room`, `retired` and `closed`, in order. */
  readonly told: string[] = [];
  readonly closed: Promise<void>;
  #close!: () => void;

  constructor(
    readonly transport: Transport,
    options: H2Options,
  ) {
    this.closed = new Promise((resolve) => (this.#close = resolve));
    this.connection = new H2Connection(transport, this, options);
  }

  request({ method = 'GET', path = '/', headers = [], body, open = false }: Request = {}): Call {
    const pseudo = [':method', method, ':scheme', 'http', ':authority', 'target.example', ':path', path];
    const call = new Call();
    const block = encodeHeaders([...pseudo, ...headers]);
    call.stream = this.connection.request(block, body === undefined && !open, call);
    if (body !== undefined) call.stream.sendData(body, true);
    return call;
  }

  onRoom(): void {
    this.told.push('room');
  }

  onRetired(): void {
    this.told.push('retired');
  }

  onHandedOver(): void {}

  onClosed(): void {
    this.told.push('closed');
    this.#close();
  }
}

/** How a stream ended. */
export type Ending =
  | { readonly kind: 'complete' }
  | { readonly kind: 'reset'; readonly code: number }
  | { readonly kind: 'returned' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** A stream and its callbacks. */
export class Call implements H2StreamEvents {
  stream!: H2Stream;
  readonly interim: number[] = [];
  headers: ReceivedHeaders | undefined;
  trailers: readonly string[] = [];
  body = Buffer.alloc(0);
  drains = 0;
  ending: Ending | undefined;
  readonly ended: Promise<Ending>;
  #end!: (ending: Ending) => void;

  constructor() {
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  onInterim(headers: ReceivedHeaders): void {
    this.#still();
    this.interim.push(headers.status);
  }

  onHeaders(headers: ReceivedHeaders, endStream: boolean): void {
    this.#still();
    this.headers = headers;
    if (endStream) this.#finish({ kind: 'complete' });
  }

  onData(bytes: Buffer, start: number, end: number, endStream: boolean): void {
    this.#still();
    this.body = Buffer.concat([this.body, bytes.subarray(start, end)]);
    if (endStream) this.#finish({ kind: 'complete' });
  }

  onTrailers(trailers: ReceivedHeaders): void {
    this.#still();
    this.trailers = trailers.rawHeaders;
    this.#finish({ kind: 'complete' });
  }

  onDrain(): void {
    this.drains++;
  }

  onReset(code: number): void {
    this.#finish({ kind: 'reset', code });
  }

  onReturned(): void {
    this.#finish({ kind: 'returned' });
  }

  onFailed(failure: Failure): void {
    this.#finish({ kind: 'failed', failure });
  }

  #finish(ending: Ending): void {
    this.#still();
    this.ending = ending;
    this.#end(ending);
  }

  #still(): void {
    if (this.ending !== undefined) throw new Error('a stream reported an event after its end');
  }
}

/**
 * @param fields name, value, name, value, …: pseudo-headers first, lower-case names, one-byte
 *   characters
 */
function encodeHeaders(fields: readonly string[]): HeaderBlock {
  let encoded = '';
  let head = false;
  for (let i = 0; i < fields.length; i += 2) {
    encoded += encodeField(fields[i]!, fields[i + 1]!);
    head ||= fields[i] === ':method' && fields[i + 1] === 'HEAD';
  }
  return new HeaderBlock(encoded, head);
}
