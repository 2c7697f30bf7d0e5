import { ConnectionError } from './errors.js';
import { HpackDecoder } from './hpack/decoder.js';
import { RecentMap } from '../engine/recent-map.js';
import { ReceivedHeaders } from './received-headers.js';
import { MAX_HEADER_LIST_BYTES } from './settings.js';

/** A larger block ends the connection before it is read completely. */
const MAX_BLOCK_BYTES = 4 * MAX_HEADER_LIST_BYTES;
const MAX_CONTINUATIONS = 64;
const CACHED_BLOCKS = 128;
const MAX_CACHED_BYTES = 4096;
const TOO_LARGE = 'headers are too large';

/**
 * Recent header blocks, by their bytes.
 *
 * It holds only blocks that mean the same on every connection (`HpackDecoder.stateless`), so that
 * one cache serves all connections of a lane.
 */
export type HeaderCache = RecentMap<string, ReceivedHeaders>;

export function createHeaderCache(): HeaderCache {
  return new RecentMap(CACHED_BLOCKS);
}

interface KnownBlock {
  readonly block: string;
  readonly headers: ReceivedHeaders;
}

/**
 * Assembles header blocks from HEADERS and CONTINUATION frames and decodes them: RFC 9113, section
 * 4.3.
 */
export class HeaderReceiver {
  readonly #decoder = new HpackDecoder(MAX_HEADER_LIST_BYTES);
  readonly #pieces: Buffer[] = [];
  #pieceBytes = 0;
  /**
   * The last two different blocks: usually the next one is the same, or headers and trailers
   * alternate.
   */
  #last: KnownBlock | undefined;
  #beforeLast: KnownBlock | undefined;

  /** @param strict see `H2Options` */
  constructor(
    private readonly cache: HeaderCache,
    private readonly strict = false,
  ) {}

  /** The peer has acknowledged this limit for its header table. */
  limitTable(bytes: number): void {
    this.#decoder.limit(bytes);
  }

  /**
   * Adds a part of a block.
   * @returns the headers if it was the last part
   * @throws ConnectionError if the block is too long or broken
   */
  add(bytes: Buffer, start: number, end: number, last: boolean): ReceivedHeaders | undefined {
    if (last && this.#pieces.length === 0) return this.#read(bytes, start, end);
    this.#pieceBytes += end - start;
    if (this.#pieceBytes > MAX_BLOCK_BYTES || this.#pieces.length === MAX_CONTINUATIONS) {
      throw new ConnectionError('ENHANCE_YOUR_CALM', TOO_LARGE);
    }
    this.#pieces.push(Buffer.from(bytes.subarray(start, end)));
    if (!last) return undefined;
    const block = Buffer.concat(this.#pieces);
    this.#pieces.length = 0;
    this.#pieceBytes = 0;
    return this.#read(block, 0, block.length);
  }

  #read(bytes: Buffer, start: number, end: number): ReceivedHeaders {
    if (!this.#decoder.stateless) return this.#parse(bytes, start, end);
    if (this.#last !== undefined && isEqual(this.#last.block, bytes, start, end)) return this.#last.headers;
    const other = this.#beforeLast;
    this.#beforeLast = this.#last;
    if (other !== undefined && isEqual(other.block, bytes, start, end)) {
      this.#last = other;
      return other.headers;
    }
    const block = bytes.toString('latin1', start, end);
    let headers = this.cache.get(block);
    if (headers === undefined) {
      headers = this.#parse(bytes, start, end);
      if (block.length <= MAX_CACHED_BYTES) this.cache.set(block, headers);
    }
    this.#last = { block, headers };
    return headers;
  }

  #parse(bytes: Buffer, start: number, end: number): ReceivedHeaders {
    const fields = this.#decoder.decode(bytes, start, end);
    return fields === undefined
      ? new ReceivedHeaders([], this.strict, TOO_LARGE)
      : new ReceivedHeaders(fields, this.strict);
  }
}

function isEqual(block: string, bytes: Buffer, start: number, end: number): boolean {
  if (block.length !== end - start) return false;
  for (let i = 0; i < block.length; i++) if (block.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
