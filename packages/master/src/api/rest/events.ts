import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { apiProblem, logsView, type ApiProblem, type LogQuery } from '@drumline/wire';
import type { Connections } from './connections.js';
import type { Refuse } from './refuse.js';
import { encodeEvent, encodeLine, type Send } from './event-format.js';
import { readQuery } from './query.js';
import type { ControlPlane } from '../../service/control-plane.js';
import { parseEventPlace } from '../../service/event-place.js';
import { followLogs, followRun } from '../../service/follow.js';
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

type Follow = (send: Send, end: () => void) => () => void;

const LOGS = {
  type: 'object',
  properties: {
    after: {
      type: 'integer',
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'only lines after the one with this number',
    },
    limit: { type: 'integer', minimum: 1, maximum: 10_000, description: 'the most lines; default 1000' },
    follow: { type: 'boolean', description: 'whether to stream the lines to come' },
  },
} as const;

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
    const schema = { params: runParams, produces: ['text/event-stream'] };
    const problems = { 404: apiProblem, 409: apiProblem, 503: apiProblem };
    app.get(
      runPath('events'),
      {
        schema: {
          ...schema,
          summary: 'Stream the events of the run',
          response: {
            200: { type: 'string', description: 'server-sent events, one RunEventView each' },
            ...problems,
          },
        },
      },
      async (request, reply) => {
        const run = runOf(control, request);
        const place = parseEventPlace(String(request.headers['last-event-id'] ?? ''));
        return await this.#stream(request, reply, (send, end) =>
          followRun(run, place, { send: (event) => send(encodeEvent(event)), end, fail: end }),
        );
      },
    );
    app.get<{ Querystring: LogQuery & { follow?: boolean } }>(
      runPath('logs'),
      {
        schema: {
          params: runParams,
          summary: 'What the run printed and noted; with `follow`, as a stream of server-sent events',
          querystring: LOGS,
          response: {
            200: {
              content: {
                'application/json': { schema: logsView },
                'text/event-stream': { schema: { type: 'object', description: 'one line of the log' } },
              },
            },
            400: apiProblem,
            ...problems,
          },
        },
        validatorCompiler: readQuery,
      },
      async (request, reply) => {
        const run = runOf(control, request);
        const { follow = false, ...query } = request.query;
        const { after: given = 0, ...page } = query;
        const after = lastLineOf(request) ?? given;
        if (!follow) return await run.logs({ ...page, after });
        return await this.#stream(request, reply, (send, end) =>
          followLogs(run, after, { send: (line) => send(encodeLine(line)), end, fail: end }),
        );
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

  /** @param follow sends what the reader has missed, then follows; returns how to end it */
  async #stream(request: FastifyRequest, reply: FastifyReply, follow: Follow): Promise<void> {
    if (!this.connections.keep(request.raw.socket)) {
      this.refuse('listener', 'too many event streams were open');
      return await reply.code(503).send(TOO_MANY);
    }
    reply.hijack();
    const reader = reply.raw;
    reader.writeHead(200, {
      'content-type': 'text/event-stream',
      'x-accel-buffering': 'no',
      // A stream occupies its connection until the end: no keep-alive.
      connection: 'close',
    });
    this.#send(reader, ': events of a Drumline run\n\n');
    this.#open.add(reader);
    const unfollow = follow(
      (text) => this.#send(reader, text),
      () => reader.end(),
    );
    const ping = setInterval(() => this.#send(reader, ': ping\n\n'), PING_EVERY_MS);
    reader.on('error', () => reader.destroy());
    reader.on('close', () => {
      clearInterval(ping);
      unfollow();
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

/** The number of the last line that a reader has; undefined if it begins. */
function lastLineOf({ headers }: FastifyRequest): number | undefined {
  const id = Number(headers['last-event-id'] ?? NaN);
  return Number.isInteger(id) && id >= 0 ? id : undefined;
}
