import type { BodyStream } from '../engine/contract.js';
import { toBytes } from './bytes.js';

/**
 * A request body that is produced while it is sent: any async iterable of bytes or text, such as
 * the stream that `createReadStream` returns.
 */
export type StreamedBody = AsyncIterable<Uint8Array | string>;

/** The part of Node streams used here. */
interface NodeStream {
  on(event: 'error', listener: () => void): unknown;
  destroy(): unknown;
}

/** A request body that the user produces while it is sent. */
export class UploadBody implements BodyStream {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly lengthBytes?: number;
  /** Whether it can be sent again. */
  readonly repeatable: boolean;
  #open: StreamedBody | undefined;

  /** @param source a function creates a new stream for each sending */
  constructor(source: StreamedBody | (() => StreamedBody), lengthBytes: number | undefined) {
    if (lengthBytes !== undefined) this.lengthBytes = lengthBytes;
    this.repeatable = typeof source === 'function';
    if (typeof source !== 'function') this.#hold(source);
    this.chunks = {
      [Symbol.asyncIterator]: () =>
        encode(typeof source === 'function' ? () => this.#hold(source()) : () => source),
    };
  }

  /** Destroys a stream that was not read to its end. Otherwise its file would stay open. */
  release(): void {
    if (this.#open !== undefined && isNodeStream(this.#open)) this.#open.destroy();
  }

  #hold(body: StreamedBody): StreamedBody {
    this.release();
    this.#open = body;
    // It may fail before it is read. The reader gets the error then.
    if (isNodeStream(body)) body.on('error', () => {});
    return body;
  }
}

async function* encode(open: () => StreamedBody): AsyncGenerator<Uint8Array> {
  for await (const piece of open()) yield toBytes(piece, 'a piece of the body');
}

function isNodeStream(body: object): body is StreamedBody & NodeStream {
  return 'destroy' in body && typeof body.destroy === 'function' && 'on' in body;
}
