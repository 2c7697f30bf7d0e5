import { parseDuration } from '@drumline/model';
import type { EventOptions } from '../options.js';
import type { HttpResponse } from '../response.js';
import type { Pause } from './pause.js';
import type { EventReader } from './reader.js';
import type { ServerEvent } from './server-event.js';

/** The standard leaves the delay to browsers: "in the region of a few seconds". */
const DEFAULT_RETRY_MS = 3_000;

/** One connection of an event stream. */
export interface EventConnection {
  readonly reader: EventReader;
  /** Resolves when the headers arrive or the request fails. */
  readonly response: Promise<HttpResponse>;
  readonly leave: () => void;
}

/** What an event stream needs from its client. */
export interface EventStreamParts {
  /** @throws TypeError or RangeError for an invalid URL, header or option */
  connect(lastEventId: string): EventConnection;
  pause(delayMs: number): Pause;
}

/**
 * The server-sent events of a URL, for one `for await` loop.
 *
 * The request is sent when the loop begins. Leaving the loop closes the stream. The loop also ends
 * when the stream ends or fails; `response` shows which.
 */
export class EventStream implements AsyncIterable<ServerEvent> {
  readonly #parts: EventStreamParts;
  readonly #options: EventOptions;
  #lastEventId: string;
  #response: HttpResponse | undefined;
  #retryMs = DEFAULT_RETRY_MS;
  #begun = false;
  #closed = false;
  /** Ends the current wait. */
  #leave: () => void = () => {};

  constructor(options: EventOptions, parts: EventStreamParts) {
    this.#options = options;
    this.#parts = parts;
    this.#lastEventId = options.lastEventId ?? '';
  }

  /** The response to the latest request; undefined until its headers arrive. */
  get response(): HttpResponse | undefined {
    return this.#response;
  }

  /** The id of the latest event that has one. It is sent when the stream reconnects. */
  get lastEventId(): string {
    return this.#lastEventId;
  }

  /** Ends the loop without an error, after the events already received. */
  close(): void {
    this.#closed = true;
    this.#leave();
  }

  /**
   * @throws TypeError or RangeError for an invalid URL, header or option
   * @throws InterruptedError once the run has stopped the user
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<ServerEvent, void> {
    if (this.#begun)
      throw new Error('the events can be read only once: call http.events(…) again for a new stream');
    this.#begun = true;
    const { listenFor, reconnect = false } = this.#options;
    const timer =
      listenFor === undefined ? undefined : setTimeout(() => this.close(), parseDuration(listenFor));
    try {
      while (!this.#closed) {
        const retryMs = yield* this.#connection();
        if (!reconnect || this.#closed || retryMs === undefined) return;
        await this.#pause(retryMs);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** @returns the delay before the next connection, milliseconds; undefined if there is none */
  async *#connection(): AsyncGenerator<ServerEvent, number | undefined> {
    const { reader, response, leave } = this.#parts.connect(this.#lastEventId);
    this.#leave = leave;
    const { status } = (this.#response = await response);
    if (reader.opened) {
      for await (const event of reader) {
        this.#lastEventId = event.id;
        yield event;
      }
      this.#lastEventId = reader.lastEventId;
    }
    this.#retryMs = reader.retryMs ?? this.#retryMs;
    return status === 0 || (status === 200 && reader.opened) ? this.#retryMs : undefined;
  }

  async #pause(delayMs: number): Promise<void> {
    const pause = this.#parts.pause(delayMs);
    this.#leave = () => pause.end();
    await pause.done;
  }
}
