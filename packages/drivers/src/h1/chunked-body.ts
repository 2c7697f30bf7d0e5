import type { Failure } from '../engine/failure.js';
import type { Oddity } from '../engine/oddities.js';
import { ChunkScanner } from './chunks.js';
import { FAULTS } from './faults.js';
import { BROKEN, FieldScanner } from './fields.js';
import { fieldsOf } from './head.js';
import { EMPTY_LINE, Section } from './section.js';

type Part = 'line' | 'data' | 'trailers' | 'end';

const NO_TRAILERS: readonly string[] = [];

/** Receives the body. */
interface ChunkSink {
  onBody(bytes: Buffer, start: number, end: number): void;
  onOddity?(oddity: Oddity): void;
}

/** A body in chunks and its trailers: RFC 9112, section 7.1. */
export class ChunkedBody {
  failure: Failure | undefined;
  rawTrailers = NO_TRAILERS;
  #part: Part = 'line';
  /** Bytes of the current chunk still to come. */
  #missingBytes = 0;
  readonly #chunks: ChunkScanner;
  readonly #trailers = new Section(new FieldScanner(), FAULTS.trailersTooLarge);

  constructor(
    private readonly sink: ChunkSink,
    private readonly strict: boolean,
  ) {
    this.#chunks = new ChunkScanner(strict ? undefined : (oddity) => sink.onOddity?.(oddity));
  }

  get ended(): boolean {
    return this.#part === 'end';
  }

  begin(): void {
    this.#part = 'line';
    this.rawTrailers = NO_TRAILERS;
    this.#chunks.begin();
  }

  /**
   * Performs one step.
   * @returns up to where bytes[at, length) is read; `MORE` if all of it is; or `BROKEN`, see
   *   `failure`
   */
  read(bytes: Buffer, at: number, length: number): number {
    switch (this.#part) {
      case 'line':
        return this.#readLine(bytes, at, length);
      case 'data':
        return this.#readData(bytes, at, length);
      case 'trailers':
        return this.#readTrailers(bytes, at, length);
      case 'end':
        return at;
    }
  }

  #readLine(bytes: Buffer, at: number, length: number): number {
    const next = this.#chunks.scan(bytes, at, length);
    if (next === BROKEN) this.failure = this.#chunks.failure;
    if (next < 0) return next;
    this.#missingBytes = this.#chunks.sizeBytes;
    if (this.#missingBytes > 0) {
      this.#part = 'data';
    } else {
      this.#part = 'trailers';
      this.#trailers.begin(this.strict);
    }
    return next;
  }

  #readData(bytes: Buffer, at: number, length: number): number {
    const end = Math.min(length, at + this.#missingBytes);
    this.#missingBytes -= end - at;
    if (this.#missingBytes === 0) {
      this.#part = 'line';
      this.#chunks.dataEnded();
    }
    this.sink.onBody(bytes, at, end);
    return end;
  }

  #readTrailers(bytes: Buffer, at: number, length: number): number {
    const next = this.#trailers.read(bytes, at, length);
    if (next === BROKEN) this.failure = this.#trailers.failure;
    if (next < 0) return next;
    const { text, oddities } = this.#trailers;
    if (oddities !== undefined) for (const oddity of oddities) this.sink.onOddity?.(oddity);
    if (text !== EMPTY_LINE) this.rawTrailers = fieldsOf(text, 0);
    this.#part = 'end';
    return next;
  }
}
