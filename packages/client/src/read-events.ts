import type { RunEventView } from '@drumline/wire/views';
import { ApiError } from './api-error.js';
import { unlessAborted } from './unless-aborted.js';

interface ReceivedEvent<T> {
  readonly event: T;
  /** The `id:` of the latest event that had one. */
  readonly lastId: string | undefined;
}

/** Passed to the reader of a stream on which nothing arrives. */
interface SilenceLimit {
  readonly ms: number;
  /** Called once. It should end the stream. */
  onSilence(): void;
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/**
 * Reads server-sent events whose data is JSON. Skips comments and events without data. The name of
 * an event is not needed: its data has the same `type`.
 *
 * @param silence measured only while the stream is waited for, not while its reader is busy
 * @param signal the one that the stream was opened with
 * @throws the error of a broken stream; the signal's reason; ApiError `not-a-master` if data is not
 *   JSON
 */
export async function* readEvents<T = RunEventView>(
  body: ReadableStream<Uint8Array>,
  silence?: SilenceLimit,
  signal?: AbortSignal,
): AsyncGenerator<ReceivedEvent<T>, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let lastId: string | undefined;
  try {
    for (;;) {
      const { done, value } = await readWithin(reader, silence, signal);
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split(/\r?\n\r?\n/);
      text = blocks.pop()!;
      for (const block of blocks) {
        const lines = block.split(/\r?\n/);
        lastId = fieldsOf(lines, 'id').at(-1) ?? lastId;
        const data = fieldsOf(lines, 'data').join('\n');
        if (data !== '') yield { event: parse<T>(data), lastId };
      }
    }
  } finally {
    const canceled = reader.cancel().catch(() => {});
    if (signal?.aborted !== true) await canceled;
  }
}

/** An event of a run with its id. */
export function withId({ event, lastId }: ReceivedEvent<RunEventView>): RunEventView {
  return lastId === undefined ? event : { ...event, eventId: lastId };
}

async function readWithin(
  reader: Reader,
  silence: SilenceLimit | undefined,
  signal: AbortSignal | undefined,
): ReturnType<Reader['read']> {
  const read = (): ReturnType<Reader['read']> =>
    signal ? unlessAborted(reader.read(), signal) : reader.read();
  if (!silence) return await read();
  const timer = setTimeout(() => silence.onSilence(), silence.ms);
  try {
    return await read();
  } finally {
    clearTimeout(timer);
  }
}

function parse<T>(data: string): T {
  try {
    return JSON.parse(data) as T;
  } catch (error) {
    const cause = { cause: error };
    throw new ApiError(
      'not-a-master',
      'the event stream has an event that is not JSON',
      undefined,
      200,
      cause,
    );
  }
}

/** The values of a field: `data: x` and `data:x` both have the value `x`. */
function fieldsOf(lines: readonly string[], name: string): string[] {
  return lines
    .filter((line) => line.startsWith(`${name}:`))
    .map((line) => line.slice(name.length + 1).replace(/^ /, ''));
}
