import type { Failure } from '../engine/failure.js';
import { FAULTS } from './faults.js';
import type { H1Head } from './head.js';
import { HeadScanner } from './head-scanner.js';
import { RecentHeads } from './recent-heads.js';
import { Section } from './section.js';

/** Shared by all connections of the process: their targets are the same. */
const RECENT = new RecentHeads();

/** Reads heads, or recognises them. */
export class HeadReader {
  /** The one that was read last. */
  head: H1Head | undefined;
  readonly #scanner = new HeadScanner();
  readonly #section = new Section(this.#scanner, FAULTS.headTooLarge);

  get failure(): Failure | undefined {
    return this.#section.failure;
  }

  /** Whether nothing has come of the response that was begun. */
  get untouched(): boolean {
    return this.#section.untouched;
  }

  /** A response begins. */
  begin(): void {
    this.#section.begin();
  }

  /** @returns where the head ends in bytes[start, end); `MORE`; or `BROKEN`, see `failure` */
  read(bytes: Buffer, start: number, end: number): number {
    const inOnePiece = this.#section.untouched;
    const known = inOnePiece ? RECENT.find(bytes, start, end) : undefined;
    if (known !== undefined) {
      this.head = known;
      return start + known.text.length;
    }
    const next = this.#section.read(bytes, start, end);
    if (next < 0) return next;
    const head = this.#scanner.head(this.#section.text);
    this.head = head;
    if (inOnePiece && head.status >= 200) RECENT.remember(head, end - start);
    return next;
  }
}
