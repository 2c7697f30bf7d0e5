import type { RunEventView } from '@drumline/wire/views';
import { ApiError } from './api-error.js';

interface ReceivedEvent {
  readonly event: RunEventView;
  /** The `id:` of the latest event that had one. */
  readonly lastId: string | undefined;
}

/** Passed to the reader of a stream on which nothing arrives. */
interface SilenceLimit {
  readonly ms: number;
  /** Called once. It should end the stream. */
  onSilence(): void;
}

/**
 * Reads server-sent events whose data is JSON. Skips comments and events without data. The name of
 * an event is not needed: its data has the same `type`.
 *
 * @param silence measured only while the stream is waited for, not while its reader is busy
 * @throws the error of a broken stream; ApiError `not-a-master` if data is not JSON
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  silence?: SilenceLimit,
): AsyncGenerator<ReceivedEvent, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let lastId: string | undefined;
  try {
    for (;;) {
      const { done, value } = await readWithin(reader, silence);
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split(/\r?\n\r?\n/);
      text = blocks.pop()!;
      for (const block of blocks) {
        const lines = block.split(/\r?\n/);
        lastId = fieldsOf(lines, 'id').at(-1) ?? lastId;
        const data = fieldsOf(lines, 'data').join('\n');
        if (data !== '') yield { event: parse(data), lastId };
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

async function readWithin(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  silence: SilenceLimit | undefined,
): ReturnType<typeof reader.read> {
  if (!silence) return await reader.read();
  const timer = setTimeout(() => silence.onSilence(), silence.ms);
  try {
    return await reader.read();
  } finally {
    clearTimeout(timer);
  }
}

function parse(data: string): RunEventView {
  try {
    return JSON.parse(data) as RunEventView;
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
