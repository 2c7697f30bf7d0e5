import { isWhitespace, trimmed } from '../engine/whitespace.js';
import type { Failure } from '../engine/failure.js';
import { ODDITIES, type Oddity } from '../engine/oddities.js';
import { LF } from './bytes.js';
import { FAULTS } from './faults.js';

const STATUS_LINE = /^HTTP\/1\./;
const SPACED_STATUS_LINE = /^HTTP\/1\.[01] {2}/;

/** Failures of the strict scan that can be mended. */
const MENDABLE: ReadonlySet<Failure | undefined> = new Set([
  FAULTS.lineFeed,
  FAULTS.folded,
  FAULTS.spaceInName,
  FAULTS.statusSpaces,
]);

export function isMendable(failure: Failure | undefined): boolean {
  return MENDABLE.has(failure);
}

/** Finds the end of a section whose lines may end with a bare LF. */
export class SectionEnd {
  /** Where the search resumes: at the start of a line. */
  #lineStart = 0;
  #previousStart = 0;

  begin(): void {
    this.#lineStart = 0;
    this.#previousStart = 0;
  }

  /** Lines before this point are complete and cannot be folded any further. */
  get settled(): number {
    return this.#previousStart;
  }

  /** @returns where bytes[0, length) ends, after its empty line; -1 if that has not arrived */
  find(bytes: Buffer, length: number): number {
    for (;;) {
      const lineFeed = bytes.indexOf(LF, this.#lineStart);
      if (lineFeed === -1 || lineFeed >= length) return -1;
      const line = bytes.toString('latin1', this.#lineStart, Math.min(lineFeed, this.#lineStart + 2));
      if (line === '' || line === '\r') return lineFeed + 1;
      const isFold = isWhitespace(bytes[this.#lineStart]!);
      if (!isFold) this.#previousStart = this.#lineStart;
      this.#lineStart = lineFeed + 1;
    }
  }
}

/**
 * Rewrites a section in the form of RFC 9112.
 *
 * Lines end with CRLF, folded lines are joined by a space (section 5.2), whitespace before a colon
 * is removed (section 5.1), and one space remains before the status. Other faults stay.
 * @param text with its empty line, one character per byte
 * @param noted receives what was mended
 */
export function mended(text: string, noted: Set<Oddity>): string {
  /** Each line with those folded into it. */
  const written: string[][] = [];
  for (const raw of text.split('\n').slice(0, -1)) {
    if (!raw.endsWith('\r')) noted.add(ODDITIES.lineFeed);
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const last = written.at(-1);
    if (!isWhitespace(line.charCodeAt(0)) || last === undefined || STATUS_LINE.test(last[0]!)) {
      written.push([mendedLine(line, noted)]);
    } else {
      noted.add(ODDITIES.folded);
      last.push(trimmed(line));
    }
  }
  return written.map((parts) => `${joined(parts)}\r\n`).join('');
}

function joined(parts: readonly string[]): string {
  return parts.length === 1 ? parts[0]! : trimmed(parts.map((part) => trimmed(part)).join(' '));
}

function mendedLine(line: string, noted: Set<Oddity>): string {
  if (SPACED_STATUS_LINE.test(line)) {
    noted.add(ODDITIES.statusSpaces);
    return line.replace(/ +/, ' ');
  }
  const colon = line.indexOf(':');
  const name = trimmed(line.slice(0, Math.max(0, colon)));
  if (name.length === colon || name === '' || isWhitespace(line.charCodeAt(0))) return line;
  noted.add(ODDITIES.spaceInName);
  return name + line.slice(colon);
}
