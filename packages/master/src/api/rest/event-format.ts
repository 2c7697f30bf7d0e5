import type { LogLine, RunEventView } from '@drumline/wire';
import type { RunPlane } from '../../service/control-plane.js';

export type Send = (text: string) => void;

/**
 * Sends the state of a run, what the reader has missed, and the events to come. Events that occur
 * while missed ones are read wait for these.
 * @param lastId number of the last interval that the reader has; undefined if it begins
 * @returns a function that ends it
 */
export function followEvents(run: RunPlane, lastId: number | undefined, sendText: Send): () => void {
  const send = (event: RunEventView): void => sendText(encodeEvent(event));
  send({ type: 'state', state: run.view().state, at: new Date().toISOString() });
  if (lastId === undefined) return run.subscribe(send);
  const missed = run.missedAfter(lastId);
  // A live run answers at once, so that no event can come between.
  if (Array.isArray(missed)) {
    missed.forEach(send);
    return run.subscribe(send);
  }
  let waiting: RunEventView[] | undefined = [];
  const unsubscribe = run.subscribe((event) => (waiting ? void waiting.push(event) : send(event)));
  void missed.then((events) => {
    events.forEach(send);
    const last = Math.max(0, ...events.map((event) => (event.type === 'interval' ? event.number : 0)));
    for (const event of waiting ?? []) if (event.type !== 'interval' || event.number > last) send(event);
    waiting = undefined;
  }, unsubscribe);
  return unsubscribe;
}

/** Only intervals have an `id`, so that a reader that returns continues after its last interval. */
function encodeEvent(event: RunEventView): string {
  const id = event.type === 'interval' ? `id: ${event.number}\n` : '';
  return `${id}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

export function encodeLine(line: LogLine): string {
  return `id: ${line.number}\nevent: line\ndata: ${JSON.stringify(line)}\n\n`;
}
