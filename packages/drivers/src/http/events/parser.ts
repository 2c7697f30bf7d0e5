const LINE_END = /\r\n|\n|\r/g;
/** Size counted per line, so that empty lines count too. */
const LINE_LENGTH = 8;

/** An event as parsed from the stream. */
export interface ParsedEvent {
  readonly type: string;
  readonly data: string;
  /** Id of this event, or of the latest event with one. */
  readonly id: string;
}

/**
 * Parses an event stream by the WHATWG rules (HTML Living Standard, 9.2.6). Pieces may be cut
 * anywhere. A line ending with CR is complete immediately, without waiting for an LF.
 */
export class EventParser {
  /** Delay before reconnecting, milliseconds; undefined until the server sends one. */
  retryMs: number | undefined;
  /** Empty until the server sends one. */
  lastEventId: string;
  readonly #decoder = new TextDecoder();
  #line = '';
  #skipsLineFeed = false;
  #id: string;
  #type = '';
  #data: string[] = [];
  #dataLength = 0;

  /** @param id last event id of an earlier connection, which remains valid as in browsers */
  constructor(id = '') {
    this.lastEventId = id;
    this.#id = id;
  }

  /** Length of the incomplete event held in memory, in characters. */
  get heldLength(): number {
    return this.#line.length + this.#dataLength;
  }

  /** @param onEvent called for each event that is now complete */
  push(bytes: Uint8Array, onEvent: (event: ParsedEvent) => void): void {
    let text = this.#decoder.decode(bytes, { stream: true });
    if (text === '') return;
    if (this.#skipsLineFeed && text.startsWith('\n')) text = text.slice(1);
    this.#skipsLineFeed = text.endsWith('\r');
    let start = 0;
    for (const { index, 0: end } of text.matchAll(LINE_END)) {
      this.#take(this.#line + text.slice(start, index), onEvent);
      this.#line = '';
      start = index + end.length;
    }
    this.#line += text.slice(start);
  }

  #take(line: string, onEvent: (event: ParsedEvent) => void): void {
    if (line === '') return this.#dispatch(onEvent);
    const colon = line.indexOf(':');
    if (colon === -1) return this.#field(line, '');
    this.#field(line.slice(0, colon), line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1)));
  }

  #field(name: string, value: string): void {
    if (name === 'data') this.#addData(value);
    else if (name === 'event') this.#type = value;
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) this.retryMs = Number(value);
  }

  #addData(value: string): void {
    this.#data.push(value);
    this.#dataLength += LINE_LENGTH + value.length;
  }

  #dispatch(onEvent: (event: ParsedEvent) => void): void {
    const [type, data] = [this.#type || 'message', this.#data];
    this.#type = '';
    this.#data = [];
    this.#dataLength = 0;
    this.lastEventId = this.#id;
    if (data.length > 0) onEvent({ type, data: data.join('\n'), id: this.#id });
  }
}
