import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { apiProblem, type ApiProblem, type RunEventView } from '@drumline/wire';
import type { Connections } from './connections.js';
import type { Refuse } from './refuse.js';
import type { ControlPlane, RunPlane } from '../../service/control-plane.js';
import { runOf, runParams, runPath } from './run-route.js';

const PING_EVERY_MS = 10_000;
/**
 * A reader with more unsent bytes than this must catch up within `CATCH_UP_MS`. The run never waits
 * for a reader.
 */
const MAX_WAITING_BYTES = 1024 * 1024;
const CATCH_UP_MS = 5_000;
/** A reader with more unsent bytes than this is dropped at once. */
const MOST_WAITING_BYTES = 8 * MAX_WAITING_BYTES;

const TOO_MANY: ApiProblem = {
  error: 'too many event streams are open',
  code: 'overloaded',
  hint: 'Close streams that are not read, or poll the status of the run instead.',
};

/** The open streams of events of runs (server-sent events). */
export class EventStreams {
  readonly #open = new Set<ServerResponse>();
  /** Readers that are behind, each with the timer of its next check. */
  readonly #late = new Map<ServerResponse, NodeJS.Timeout>();
  #onEmpty = (): void => {};

  constructor(
    private readonly connections: Connections,
    private readonly refuse: Refuse,
  ) {}

  addTo(app: FastifyInstance, control: ControlPlane): void {
    app.get(
      runPath('events'),
      {
        schema: {
          summary: 'Stream the events of the run',
          params: runParams,
          produces: ['text/event-stream'],
          response: {
            200: { type: 'string', description: 'server-sent events, one RunEventView each' },
            404: apiProblem,
            409: apiProblem,
            503: apiProblem,
          },
        },
      },
      async (request, reply) => {
        const run = runOf(control, request);
        if (!this.connections.keep(request.raw.socket)) {
          this.refuse('listener', 'too many event streams were open');
          return await reply.code(503).send(TOO_MANY);
        }
        const lastId = Number(request.headers['last-event-id'] ?? NaN);
        reply.hijack();
        return this.#serve(reply.raw, run, lastId);
      },
    );
  }

  endAll(): void {
    for (const reader of this.#open) reader.end();
  }

  /** Resolves when all readers have closed their streams, or after `withinMs`. */
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

  /** @param lastId number of the last interval that the reader has; NaN if it begins */
  #serve(reader: ServerResponse, run: RunPlane, lastId: number): void {
    reader.writeHead(200, {
      'content-type': 'text/event-stream',
      'x-accel-buffering': 'no',
      // A stream occupies its connection until the end: no keep-alive.
      connection: 'close',
    });
    this.#send(reader, ': events of a Drumline run\n\n');
    const { state } = run.view();
    this.#send(reader, encodeEvent({ type: 'state', state, at: new Date().toISOString() }));
    const unsubscribe = this.#follow(reader, run, lastId);
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

  /**
   * Sends what the reader has missed, then the events of the run. Events that occur while missed
   * ones are read wait for these. @returns a function that ends it
   */
  #follow(reader: ServerResponse, run: RunPlane, lastId: number): () => void {
    const send = (event: RunEventView): void => this.#send(reader, encodeEvent(event));
    if (!Number.isInteger(lastId) || lastId < 0) return run.subscribe(send);
    let waiting: RunEventView[] | undefined = [];
    const unsubscribe = run.subscribe((event) => (waiting ? void waiting.push(event) : send(event)));
    const missed = run.missedAfter(lastId);
    const resume = (events: readonly RunEventView[]): void => {
      for (const event of events) send(event);
      const sent = new Set(events.map((event) => (event.type === 'interval' ? event.number : 0)));
      for (const event of waiting ?? [])
        if (event.type !== 'interval' || !sent.has(event.number)) send(event);
      waiting = undefined;
    };
    // A live run answers at once, so that no event can come between.
    if (Array.isArray(missed)) resume(missed);
    else missed.then(resume, () => reader.destroy());
    return unsubscribe;
  }

  #send(reader: ServerResponse, text: string): void {
    if (reader.writableEnded || reader.destroyed) return;
    reader.write(text);
    if (reader.writableLength <= MAX_WAITING_BYTES) return;
    // A burst of events may fill the buffer of a healthy reader, so give it time first.
    if (reader.writableLength > MOST_WAITING_BYTES) this.#giveUp(reader);
    else if (!this.#late.has(reader))
      this.#late.set(
        reader,
        setTimeout(() => this.#recheck(reader), CATCH_UP_MS),
      );
  }

  #recheck(reader: ServerResponse): void {
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

/** Only intervals have an `id`, so that a reader that returns continues after its last interval. */
function encodeEvent(event: RunEventView): string {
  const id = event.type === 'interval' ? `id: ${event.number}\n` : '';
  return `${id}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
