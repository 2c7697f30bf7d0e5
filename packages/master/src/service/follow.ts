import { isRunOver } from '@drumline/model';
import type { LogLine, RunEventView } from '@drumline/wire';
import type { RunPlane } from './control-plane.js';
import { eventIdOf, parseEventPlace, type EventPlace } from './event-place.js';

/** Receives what happens in a run. */
export interface Reader<T> {
  send(item: T): void;
  /** Nothing follows. */
  end(): void;
  fail(error: unknown): void;
}

/**
 * Sends the state of a run, what happened after a known event, then each event as it happens, last
 * the end.
 * @param after the last event that the reader has; undefined repeats none
 * @returns a function that ends it
 */
export function followRun(
  run: RunPlane,
  after: EventPlace | undefined,
  reader: Reader<RunEventView>,
): () => void {
  const { state } = run.view();
  const newest = run.lastEventId();
  // A reader that has a number only gets intervals, and then all new events.
  const place = after && { ...(newest !== undefined && { event: parseEventPlace(newest)?.event }), ...after };
  const eventId = place ? eventIdOf(place) : newest;
  reader.send({
    type: 'state',
    state,
    at: new Date().toISOString(),
    ...(eventId !== undefined && { eventId }),
  });
  const missed = (): ReturnType<RunPlane['missedAfter']> => (place ? run.missedAfter(place) : []);
  if (isRunOver(state)) {
    void sendEnded<RunEventView>(reader, async () => {
      const events = (await missed()).filter(({ type }) => type !== 'end');
      for (const event of events) reader.send(event);
      const { exitCode, exit, verdict, reasons = [] } = await run.result();
      return [{ type: 'end', exitCode, exit, verdict, reasons }];
    });
    return () => {};
  }
  const waiting = new Waiting(reader, (event: RunEventView) => {
    reader.send(event);
    if (event.type === 'end') reader.end();
  });
  const unsubscribe = run.subscribe((event) => waiting.add(event));
  waiting.resume(missed(), (sent, event) => {
    if (event.type !== 'interval') return false;
    return sent.some((one) => one.type === 'interval' && one.number === event.number);
  });
  return unsubscribe;
}

/**
 * Sends the lines of a run's log after a known one, then each line as it comes, until the run ends.
 * @returns a function that ends it
 */
export function followLogs(run: RunPlane, after = 0, reader: Reader<LogLine>): () => void {
  const missed = async (): Promise<LogLine[]> => (await run.logs({ after })).lines;
  if (isRunOver(run.view().state)) {
    void sendEnded(reader, missed);
    return () => {};
  }
  const waiting = new Waiting(reader, (line: LogLine) => reader.send(line));
  const endings = [
    run.subscribeLogs((line) => waiting.add(line)),
    run.subscribe(({ type }) => {
      // The last lines are written with the end.
      if (type === 'end') setImmediate(() => reader.end());
    }),
  ];
  waiting.resume(missed(), (sent, { number }) => number <= (sent.at(-1)?.number ?? after));
  return () => endings.forEach((end) => end());
}

async function sendEnded<T>(reader: Reader<T>, read: () => Promise<T[]>): Promise<void> {
  try {
    for (const item of await read()) reader.send(item);
    reader.end();
  } catch (error) {
    reader.fail(error);
  }
}

/** What happens while missed items are read waits until they were sent. */
class Waiting<T> {
  #items: T[] | undefined = [];

  constructor(
    private readonly reader: Reader<T>,
    private readonly pass: (item: T) => void,
  ) {}

  add(item: T): void {
    if (this.#items) this.#items.push(item);
    else this.pass(item);
  }

  /** @param isSent whether an item that waited is among those that were sent */
  resume(
    missed: readonly T[] | Promise<readonly T[]>,
    isSent: (sent: readonly T[], item: T) => boolean,
  ): void {
    const send = (items: readonly T[]): void => {
      for (const item of items) this.reader.send(item);
      const waiting = this.#items ?? [];
      this.#items = undefined;
      for (const item of waiting) if (!isSent(items, item)) this.pass(item);
    };
    // A live run answers at once, so that nothing can come between.
    if (Array.isArray(missed)) send(missed as T[]);
    else (missed as Promise<readonly T[]>).then(send, (error: unknown) => this.reader.fail(error));
  }
}
