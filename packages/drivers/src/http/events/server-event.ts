import { messageOf } from '@drumline/model';
import type { ParsedEvent } from './parser.js';

/** An event that a server sent. */
export class ServerEvent {
  /** `message` where the server gives no other. */
  readonly type: string;
  /** The lines of data, joined by line feeds. */
  readonly data: string;
  /** The last id that the server gave; empty if it gave none. */
  readonly id: string;
  readonly #onFail: (reason: string) => void;
  #failed = false;

  constructor(
    { type, data, id }: ParsedEvent,
    /** What it is counted with: since the event before it; for the first of a connection since the request. */
    readonly durationMs: number,
    onFail: (reason: string) => void,
  ) {
    this.type = type;
    this.data = data;
    this.id = id;
    this.#onFail = onFail;
  }

  /** @throws SyntaxError that shows the data's beginning if it is not JSON */
  json<T = unknown>(): T {
    try {
      return JSON.parse(this.data) as T;
    } catch (cause) {
      const beginning = JSON.stringify(this.data.slice(0, 60));
      throw new SyntaxError(
        `event ${this.type}: the data is not JSON (${messageOf(cause)}; it begins ${beginning})`,
        { cause },
      );
    }
  }

  /** Declares the event failed, though it was counted as passed; once. */
  fail(reason: string): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#onFail(reason);
  }
}
