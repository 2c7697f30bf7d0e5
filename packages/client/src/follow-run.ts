import { isRunOver } from '@drumline/model';
import type { RunEventView, RunResult, RunView } from '@drumline/wire/views';
import { ApiError } from './api-error.js';
import type { HttpApi } from './http-api.js';
import { readEvents, withId } from './read-events.js';
import { runPath } from './run-path.js';

/** The run to follow, and its control API. */
interface Followed {
  readonly http: Pick<HttpApi, 'openStream' | 'request'>;
  /** As users name it: `current` may mean another run later. */
  readonly id: string;
}

interface FollowTiming {
  /** A connection on which nothing arrives for this time is lost. The master sends every 10 s. */
  readonly silenceMs: number;
  /** Delay before the first attempt to reconnect. It doubles up to `maxDelayMs`. */
  readonly delayMs: number;
  readonly maxDelayMs: number;
  /** How long a lost connection is retried. */
  readonly retryForMs: number;
}

/** What a connection must continue. */
interface Place {
  readonly runId: string;
  /** Sent as `Last-Event-ID`, so that a server that numbers its events can repeat missed ones. */
  lastId?: string | undefined;
}

const TIMING: FollowTiming = { silenceMs: 30_000, delayMs: 500, maxDelayMs: 5_000, retryForMs: 60_000 };

/**
 * Reads the events of a run until it has ended, over as many connections as that takes.
 * @throws ApiError, or the signal's reason
 */
export async function* followRun(
  api: Followed,
  {
    signal,
    after,
    retryForMs = TIMING.retryForMs,
  }: {
    readonly signal?: AbortSignal | undefined;
    readonly after?: number | string | undefined;
    readonly retryForMs?: number | undefined;
  },
  timing: FollowTiming = { ...TIMING, retryForMs },
): AsyncGenerator<RunEventView, void, undefined> {
  signal?.throwIfAborted();
  const begin = { lastId: after === undefined ? undefined : String(after) };
  let connection = await open(api, timing, signal, begin).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
  for (;;) {
    let isOver = false;
    for await (const event of connection.events) {
      yield event;
      if (event.type === 'end') return;
      if (event.type === 'state') isOver = isRunOver(event.state);
    }
    // It has no result, or its master has gone before it could send the end.
    if (isOver) {
      const result = await api.http.request<RunResult>('GET', `${runPath(connection.place.runId)}/result`);
      yield endOf(result);
      return;
    }
    connection = await reopen(api, timing, signal, connection.place);
  }
}

/** @throws ApiError if the master does not return in time, or does not have the run any more */
async function reopen(
  api: Followed,
  timing: FollowTiming,
  signal: AbortSignal | undefined,
  place: Place,
): ReturnType<typeof open> {
  const until = performance.now() + timing.retryForMs;
  for (let delayMs = timing.delayMs; ; delayMs = Math.min(2 * delayMs, timing.maxDelayMs)) {
    await sleep(delayMs, signal);
    try {
      return await open(api, timing, signal, place);
    } catch (error) {
      signal?.throwIfAborted();
      if (!mayPass(error) || performance.now() >= until) throw error;
    }
  }
}

/** Whether the same request may succeed later: no master, or a status that blames the server. */
function mayPass(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 'unreachable' || (error.status ?? 0) >= 500);
}

/** Opens an event stream, of the same run as the one before. */
async function open(
  { http, id }: Followed,
  { silenceMs }: FollowTiming,
  signal: AbortSignal | undefined,
  before: Partial<Place>,
): Promise<{ events: AsyncGenerator<RunEventView>; place: Place }> {
  const { runId = (await http.request<RunView>('GET', runPath(id))).runId, lastId } = before;
  const place: Place = { runId, lastId };
  const lost = new AbortController();
  const silence = {
    ms: silenceMs,
    onSilence: () => lost.abort(new Error(`nothing arrived for ${silenceMs / 1_000} s`)),
  };
  const late = setTimeout(silence.onSilence, silenceMs);
  try {
    const either = signal ? AbortSignal.any([signal, lost.signal]) : lost.signal;
    const body = await http.openStream(`${runPath(runId)}/events`, {
      signal: either,
      ...(place.lastId === undefined ? {} : { headers: { 'last-event-id': place.lastId } }),
    });
    return { events: eventsOf(readEvents(body, silence, either), place), place };
  } finally {
    clearTimeout(late);
  }
}

/** The events of one connection. A broken stream counts as its end. */
async function* eventsOf(
  received: ReturnType<typeof readEvents<RunEventView>>,
  place: Place,
): AsyncGenerator<RunEventView, void, undefined> {
  try {
    for await (const one of received) {
      place.lastId = one.lastId ?? place.lastId;
      yield withId(one);
    }
  } catch (error) {
    if (error instanceof ApiError) throw error;
  }
}

function endOf({ exitCode, exit, verdict, reasons = [] }: RunResult): RunEventView {
  return { type: 'end', exitCode, exit, verdict, reasons };
}

/** @throws the signal's reason */
async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
  signal?.throwIfAborted();
}
