import type { Failure } from '../engine/failure.js';
import { FAULTS } from './faults.js';
import type { H1Head } from './head.js';
import { HeadScanner } from './head-scanner.js';
import { RecentHeads } from './recent-heads.js';
import { Section } from './section.js';

/** Shared by all connections of the process: their targets are the same. */
const RECENT = new RecentHeads();

/** Reads what is not known yet. */
class Unknown {
  readonly scanner = new HeadScanner();
  readonly section = new Section(this.scanner, FAULTS.headTooLarge);
}

/** Heads come in one piece as a rule, so that one reader does for all connections but those in the middle of a head. */
let spare: Unknown | undefined;

/** Reads heads, or recognises them. */
export class HeadReader {
  /** The one that was read last. */
  head: H1Head | undefined;
  failure: Failure | undefined;
  /** In the middle of the heads of a response: of one that came in part, or after a 1xx. */
  #unknown: Unknown | undefined;

  /** Whether nothing has come of the response that was begun. */
  get untouched(): boolean {
    return this.#unknown === undefined;
  }

  /** A response begins. */
  begin(): void {
    this.#unknown = undefined;
  }

  /** @returns where the head ends in bytes[start, end); `MORE`; or `BROKEN`, see `failure` */
  read(bytes: Buffer, start: number, end: number): number {
    const inOnePiece = this.#unknown === undefined;
    const known = inOnePiece ? RECENT.find(bytes, start, end) : undefined;
    if (known !== undefined) {
      this.head = known;
      return start + known.text.length;
    }
    const unknown = (this.#unknown ??= takeSpare());
    const next = unknown.section.read(bytes, start, end);
    if (next < 0) {
      this.failure = unknown.section.failure;
      return next;
    }
    const head = unknown.scanner.head(unknown.section.text);
    this.head = head;
    if (head.status >= 200) {
      if (inOnePiece) RECENT.remember(head, end - start);
      this.#unknown = undefined;
      spare = unknown;
    }
    return next;
  }
}

function takeSpare(): Unknown {
  const unknown = spare ?? new Unknown();
  spare = undefined;
  unknown.section.begin();
  return unknown;
}
