import { messageOf } from '@drumline/model';
import type { ParsedEvent } from './parser.js';

/** A server-sent event. */
export class ServerEvent {
  /** Type of the event; `message` if the server sets none. */
  readonly type: string;
  /** Data of the event; several lines are joined by line feeds. */
  readonly data: string;
  /** Last id that the server sent; empty if there was none. */
  readonly id: string;
  readonly #onFail: (reason: string) => void;
  #failed = false;

  constructor(
    { type, data, id }: ParsedEvent,
    /**
     * Duration of its sample: since the previous event, or the request for the first of a
     * connection.
     */
    readonly durationMs: number,
    onFail: (reason: string) => void,
  ) {
    this.type = type;
    this.data = data;
    this.id = id;
    this.#onFail = onFail;
  }

  /**
   * The data parsed as JSON.
   * @throws SyntaxError if the data is not JSON; the message shows the start of the data
   */
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

  /** Marks the event as failed after it was counted as passed. Has an effect only once. */
  fail(reason: string): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#onFail(reason);
  }
}
