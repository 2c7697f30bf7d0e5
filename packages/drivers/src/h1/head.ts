import { trimmed } from '../engine/whitespace.js';
import type { ResponseHead } from '../engine/contract.js';
import { CR } from './bytes.js';
import type { Framing } from './framing.js';
import { presenceBitOf } from './presence.js';

/** `HTTP/1.1 200 ` */
const REASON_START = 13;

/** The head of a response as one string, decoded on access. Every line has already been checked. */
export class H1Head implements ResponseHead {
  #rawHeaders: readonly string[] | undefined;
  /** The last header requested. Equal heads are one object and usually get the same query. */
  #lastName: string | undefined;
  #answer: string | undefined;

  /**
   * @param text status line, field lines and the empty line, each with its CRLF, one character per
   *   byte
   * @param presence `presenceBit` of every name in it
   */
  constructor(
    readonly text: string,
    readonly status: number,
    readonly framing: Framing,
    private readonly presence: number,
  ) {}

  /** A head that differs only in values that do not affect the connection. */
  withText(text: string): H1Head {
    return new H1Head(text, this.status, this.framing, this.presence);
  }

  get version(): 'http/1.1' {
    return 'http/1.1';
  }

  get statusText(): string {
    return this.text.slice(REASON_START, this.text.indexOf('\r\n'));
  }

  get rawHeaders(): readonly string[] {
    return (this.#rawHeaders ??= fieldsOf(this.text, this.text.indexOf('\r\n') + 2));
  }

  header(name: string): string | undefined {
    if ((this.presence & presenceBitOf(name)) === 0) return undefined;
    if (name !== this.#lastName) {
      this.#lastName = name;
      this.#answer = this.#find(name);
    }
    return this.#answer;
  }

  #find(name: string): string | undefined {
    const text = this.text;
    let found: string | undefined;
    let line = text.indexOf('\r\n') + 2;
    while (text.charCodeAt(line) !== CR) {
      const colon = text.indexOf(':', line);
      const end = text.indexOf('\r\n', colon);
      if (colon - line === name.length && text.slice(line, colon).toLowerCase() === name) {
        const value = trimmed(text, colon + 1, end);
        found = found === undefined ? value : `${found}, ${value}`;
      }
      line = end + 2;
    }
    return found;
  }
}

/** Name, value, name, value, … of field lines, up to the empty line. */
export function fieldsOf(text: string, from: number): readonly string[] {
  const fields: string[] = [];
  let line = from;
  while (text.charCodeAt(line) !== CR) {
    const colon = text.indexOf(':', line);
    const end = text.indexOf('\r\n', colon);
    fields.push(text.slice(line, colon), trimmed(text, colon + 1, end));
    line = end + 2;
  }
  return fields;
}
