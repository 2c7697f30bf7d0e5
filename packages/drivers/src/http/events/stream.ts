import { parseDuration } from '@drumline/model';
import type { EventOptions } from '../options.js';
import type { HttpResponse } from '../response.js';
import type { Pause } from './pause.js';
import type { EventReader } from './reader.js';
import type { ServerEvent } from './server-event.js';

/** The standard leaves it to browsers: "in the region of a few seconds". */
const DEFAULT_RETRY_MS = 3_000;

/** A connection of a stream, just begun. */
export interface EventConnection {
  readonly reader: EventReader;
  /** When the head has come, or the request has failed. */
  readonly response: Promise<HttpResponse>;
  readonly leave: () => void;
}

/** What a stream needs of its client. */
export interface EventStreamParts {
  /** @throws TypeError or RangeError if URL, headers or options cannot be sent */
  connect(lastEventId: string): EventConnection;
  pause(delayMs: number): Pause;
}

/**
 * The events of a URL, for one `for await`. The request goes out when the loop begins; leaving the loop closes the stream. The loop also
 * ends when the stream does, good or bad: `response` tells how.
 */
export class EventStream implements AsyncIterable<ServerEvent> {
  readonly #parts: EventStreamParts;
  readonly #options: EventOptions;
  #lastEventId: string;
  #response: HttpResponse | undefined;
  #retryMs = DEFAULT_RETRY_MS;
  #begun = false;
  #closed = false;
  /** Ends what is waited for now. */
  #leave: () => void = () => {};

  constructor(options: EventOptions, parts: EventStreamParts) {
    this.#options = options;
    this.#parts = parts;
    this.#lastEventId = options.lastEventId ?? '';
  }

  /** What the request brought, the last one if it was sent again; undefined until a head has come. */
  get response(): HttpResponse | undefined {
    return this.#response;
  }

  /** The id of the latest event that has one. It is sent when the stream reconnects. */
  get lastEventId(): string {
    return this.#lastEventId;
  }

  /** Ends the loop in good order, after the events that have come in. */
  close(): void {
    this.#closed = true;
    this.#leave();
  }

  /**
   * @throws TypeError or RangeError if URL, headers or options cannot be sent
   * @throws InterruptedError when the run has stopped the user
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<ServerEvent, void> {
    if (this.#begun) throw new Error('the events are already being read');
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

  /** @returns how long to wait before the next one, milliseconds; undefined if the server's answer was its last word */
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
