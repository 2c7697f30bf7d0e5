import type { Failure } from '../engine/failure.js';
import type { Oddity } from '../engine/oddities.js';
import { FAULTS } from './faults.js';
import { MORE } from './fields.js';
import type { H1Head } from './head.js';
import { HeadScanner } from './head-scanner.js';
import { RecentHeads } from './recent-heads.js';
import { Section } from './section.js';

/** Shared by all connections of the process, because their targets are the same. */
const RECENT = new RecentHeads();

/**
 * Heads usually arrive in one piece. One reader therefore serves all connections except those in
 * the middle of a head.
 */
let spare: HeadReader | undefined;

/** The head at the start of bytes[start, end), if a similar head was read before. */
export function knownHead(bytes: Buffer, start: number, end: number): H1Head | undefined {
  return RECENT.find(bytes, start, end);
}

/** Reads the heads of one response, even if they arrive in pieces. */
export class HeadReader {
  readonly #scanner = new HeadScanner();
  readonly #section = new Section(this.#scanner, FAULTS.headTooLarge);
  #inOnePiece = true;

  /** Starts reading the heads of a response. */
  begin(strict: boolean): void {
    this.#scanner.strict = strict;
    this.#section.begin(strict);
    this.#inOnePiece = true;
  }

  /** Violations of the standard that were accepted in the heads of this response. */
  get oddities(): ReadonlySet<Oddity> | undefined {
    return this.#section.oddities;
  }

  get failure(): Failure | undefined {
    return this.#section.failure;
  }

  /** @returns where a head ends in bytes[start, end); `MORE`; or `BROKEN`, see `failure` */
  read(bytes: Buffer, start: number, end: number): number {
    const next = this.#section.read(bytes, start, end);
    if (next === MORE) this.#inOnePiece = false;
    return next;
  }

  /**
   * Returns the head whose end was found.
   * @param sizeBytes bytes in the piece from where reading began
   */
  head(sizeBytes: number): H1Head {
    const head = this.#scanner.head(this.#section.text);
    const { oddity } = head.framing;
    if (oddity !== undefined) (this.#section.oddities ??= new Set()).add(oddity);
    if (this.#inOnePiece && head.status >= 200 && this.oddities === undefined)
      RECENT.remember(head, sizeBytes);
    this.#inOnePiece = false;
    return head;
  }
}

/** Takes a reader for exclusive use until it is given back. */
export function takeReader(strict: boolean): HeadReader {
  const reader = spare ?? new HeadReader();
  spare = undefined;
  reader.begin(strict);
  return reader;
}

export function giveBack(reader: HeadReader): void {
  spare = reader;
}
