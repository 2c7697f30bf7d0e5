import type { ServerWritableStream } from '@grpc/grpc-js';
import type { Refuse } from '../rest/refuse.js';
import { failure, failureOf } from './failure.js';
import type { Reader } from '../../service/follow.js';

type Stream = ServerWritableStream<unknown, unknown>;

const MOST_STREAMS = 256;
/**
 * A reader with more unsent events than this must catch up within `CATCH_UP_MS`. The run never
 * waits for a reader.
 */
const MAX_WAITING_EVENTS = 1_000;
const CATCH_UP_MS = 5_000;
/** A reader with more unsent events than this is dropped at once. */
const MOST_WAITING_EVENTS = 10 * MAX_WAITING_EVENTS;

/** The open streams of events of runs. */
export class EventStreams {
  readonly #open = new Set<Stream>();

  constructor(private readonly refuse: Refuse) {}

  /** @param follow sends to the reader, and returns a function that ends it */
  serve(stream: Stream, follow: (reader: Reader<never>) => () => void): void {
    if (this.#open.size >= MOST_STREAMS) {
      this.refuse('listener', 'too many event streams were open');
      const hint = 'Close streams that are not read, or poll the status of the run instead.';
      return void stream.emit('error', failure('overloaded', 'too many event streams are open', hint));
    }
    this.#open.add(stream);
    let late: NodeJS.Timeout | undefined;
    let unsubscribe = (): void => {};
    let isOver = false;
    const over = (): void => {
      isOver = true;
      this.#open.delete(stream);
      clearTimeout(late);
      unsubscribe();
    };
    const giveUp = (): void => {
      const why = `its reader was ${stream.writableLength} events behind`;
      this.refuse('listener', why);
      stream.emit('error', failure('overloaded', why, 'Read faster, or resume after the last interval.'));
      over();
    };
    // The client has canceled, its deadline has passed, or the connection is lost.
    stream.on('cancelled', over);
    stream.on('close', over);
    unsubscribe = follow({
      send: (event) => {
        if (isOver) return;
        stream.write(event);
        if (stream.writableLength > MOST_WAITING_EVENTS) giveUp();
        else if (stream.writableLength > MAX_WAITING_EVENTS)
          late ??= setTimeout(() => {
            late = undefined;
            if (stream.writableLength > MAX_WAITING_EVENTS) giveUp();
          }, CATCH_UP_MS);
      },
      end: () => {
        if (!isOver) stream.end();
      },
      fail: (error) => {
        if (!isOver) stream.emit('error', failureOf(error));
        over();
      },
    });
    if (isOver) unsubscribe();
  }
}
