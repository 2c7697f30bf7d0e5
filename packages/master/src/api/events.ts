import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { apiProblem, type ApiProblem, type RunEventView } from '@drumline/wire';
import type { Connections } from './connections.js';
import type { Refuse } from './refuse.js';
import type { RunControl } from './run-control.js';

const PING_EVERY_MS = 10_000;
/**
 * A reader that is further behind has to catch up within `CATCH_UP_MS`. The run never waits for a
 * reader.
 */
const MAX_WAITING_BYTES = 1024 * 1024;
const CATCH_UP_MS = 5_000;
/** What waits for one reader at most. */
const MOST_WAITING_BYTES = 8 * MAX_WAITING_BYTES;

const TOO_MANY: ApiProblem = {
  error: 'there are too many streams of events already',
  hint: 'End those that nobody reads, or ask for GET /v1/status from time to time.',
};

/** The open `GET /v1/events` streams (server-sent events). */
export class EventStreams {
  readonly #open = new Set<ServerResponse>();
  /** Readers that are behind, and when they are looked at again. */
  readonly #late = new Map<ServerResponse, NodeJS.Timeout>();
  #onEmpty = (): void => {};

  constructor(
    private readonly control: RunControl,
    private readonly connections: Connections,
    private readonly refuse: Refuse,
  ) {}

  addTo(app: FastifyInstance): void {
    app.get(
      '/v1/events',
      {
        schema: {
          summary: 'Events of the run as they happen',
          produces: ['text/event-stream'],
          response: {
            200: { type: 'string', description: 'server-sent events, one RunEventView each' },
            503: apiProblem,
          },
        },
      },
      async (request, reply) => {
        if (!this.connections.keep(request.raw.socket)) {
          this.refuse('listener', 'there were too many');
          return await reply.code(503).send(TOO_MANY);
        }
        reply.hijack();
        return this.#serve(reply.raw);
      },
    );
  }

  endAll(): void {
    for (const reader of this.#open) reader.end();
  }

  /** Resolves when every reader has closed its stream, or after a while. */
  async left(withinMs: number): Promise<void> {
    if (this.#open.size === 0) return;
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, withinMs);
      this.#onEmpty = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }

  #serve(reader: ServerResponse): void {
    reader.writeHead(200, {
      'content-type': 'text/event-stream',
      'x-accel-buffering': 'no',
      // The stream lasts as long as the connection, so that it cannot be kept for another request.
      connection: 'close',
    });
    const { state } = this.control.status();
    this.#send(reader, ': events of a Drumline run\n\n');
    this.#send(reader, encodeEvent({ type: 'state', state, at: new Date().toISOString() }));

    const unsubscribe = this.control.subscribe((event) => this.#send(reader, encodeEvent(event)));
    const ping = setInterval(() => this.#send(reader, ': ping\n\n'), PING_EVERY_MS);
    this.#open.add(reader);
    reader.on('error', () => reader.destroy());
    reader.on('close', () => {
      clearInterval(ping);
      unsubscribe();
      this.#open.delete(reader);
      clearTimeout(this.#late.get(reader));
      this.#late.delete(reader);
      if (this.#open.size === 0) this.#onEmpty();
    });
  }

  #send(reader: ServerResponse, text: string): void {
    if (reader.writableEnded || reader.destroyed) return;
    reader.write(text);
    if (reader.writableLength <= MAX_WAITING_BYTES) return;
    // Much may have happened at once, which is not the reader's fault.
    if (reader.writableLength > MOST_WAITING_BYTES) this.#giveUp(reader);
    else if (!this.#late.has(reader))
      this.#late.set(
        reader,
        setTimeout(() => this.#lookAgain(reader), CATCH_UP_MS),
      );
  }

  #lookAgain(reader: ServerResponse): void {
    this.#late.delete(reader);
    if (reader.writableLength > MAX_WAITING_BYTES) this.#giveUp(reader);
  }

  #giveUp(reader: ServerResponse): void {
    reader.destroy();
    this.refuse(
      'listener',
      `its reader was ${Math.floor(reader.writableLength / MAX_WAITING_BYTES)} MiB behind`,
    );
  }
}

function encodeEvent(event: RunEventView): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
