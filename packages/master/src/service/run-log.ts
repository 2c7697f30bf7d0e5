import { printable } from '@drumline/model';
import type { LogLine, LogQuery, LogsView, RunEventView } from '@drumline/wire';
import type { Log } from '../cluster/log.js';
import { thresholdSentence } from '../run/threshold-sentence.js';

/** The number of newest lines that are kept. */
const MAX_LINES = 2_000;
/** The number of newest events that are kept for readers who were away. */
const MAX_EVENTS = 10_000;
const MAX_LENGTH = 4_096;
const DEFAULT_LINES = 1_000;

/** A line, with the event that it describes. */
export interface StoredLine extends LogLine {
  readonly event?: RunEventView;
  /** Number of the newest interval before the event. */
  readonly interval?: number;
}

/** What a run printed and noted, the newest lines. Its events have the numbers of their lines. */
export class RunLog {
  private readonly lines: StoredLine[] = [];
  private readonly events: StoredLine[] = [];
  private readonly listeners = new Set<(line: StoredLine) => void>();
  private last = 0;

  /** @param of the event that the line describes */
  add(kind: LogLine['kind'], text: string, of: Pick<StoredLine, 'event' | 'interval'> = {}): void {
    const shown = printable(text).slice(0, MAX_LENGTH);
    const line = { number: this.nextNumber(), at: new Date().toISOString(), kind, text: shown, ...of };
    this.keep(line);
    for (const listener of this.listeners) listener(line);
  }

  /** Continues the log of another master. */
  restore(lines: readonly StoredLine[]): void {
    for (const line of lines) this.keep(line);
  }

  /** Number of the newest event; 0 for none. */
  get newestEvent(): number {
    return this.events.at(-1)?.number ?? 0;
  }

  /** The lines of events after the one with this number. */
  eventsAfter(number: number): StoredLine[] {
    return this.events.filter((line) => line.number > number);
  }

  private keep(line: StoredLine): void {
    this.last = Math.max(this.last, line.number);
    this.lines.push(line);
    if (this.lines.length > MAX_LINES) this.lines.shift();
    if (!line.event) return;
    this.events.push(line);
    if (this.events.length > MAX_EVENTS) this.events.shift();
  }

  /** Passes lines on, and keeps them, except one that is the text of the newest event. */
  tee(log: Log): Log {
    return (line) => {
      const newest = this.lines.at(-1);
      if (!newest?.event || newest.text !== line) this.add('printed', line);
      log(line);
    };
  }

  /** Ascends over masters, too, so that a reader can continue after a restart. */
  private nextNumber(): number {
    return Math.max(this.last + 1, Date.now());
  }

  view(query: LogQuery): LogsView {
    return logsView(this.lines, query);
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: (line: LogLine) => void): () => void {
    return this.follow((line) => listener(shownLine(line)));
  }

  /** Follows the lines with their events. @returns a function that ends it */
  follow(listener: (line: StoredLine) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** The lines after `after`, oldest first, so that a reader misses none. Without it, the newest. */
export function logsView(all: readonly StoredLine[], { after, limit = DEFAULT_LINES }: LogQuery): LogsView {
  const lines =
    after === undefined ? all.slice(-limit) : all.filter(({ number }) => number > after).slice(0, limit);
  return { lines: lines.map(shownLine) };
}

/** A line as readers see it. */
function shownLine({ number, at, kind, text }: StoredLine): LogLine {
  return { number, at, kind, text };
}

/**
 * Adds an event as a line, except those of every second.
 * @param interval number of the newest interval
 */
export function logEvent(log: RunLog, event: RunEventView, interval: number): void {
  const of = { event, interval };
  switch (event.type) {
    case 'state':
      return log.add('state', `The run is ${event.state}${reasonOf(event)}.`, of);
    case 'note':
      return log.add('note', event.message, of);
    case 'worker':
      return log.add('worker', `Worker ${event.name} is ${event.state}${reasonOf(event)}.`, of);
    case 'lane':
      return log.add('lane', `Lane ${event.lane} of ${event.worker}, ${event.kind}: ${event.reason}`, of);
    case 'threshold':
      return log.add('threshold', thresholdSentence(event), of);
    case 'annotation':
      return log.add('annotation', event.text, of);
    case 'end':
      return log.add('state', `The run has ended: ${event.verdict}, exit code ${event.exitCode}.`, of);
    case 'interval':
    case 'correction':
  }
}

function reasonOf({ reason }: { readonly reason?: string | undefined }): string {
  return reason === undefined ? '' : ` (${reason})`;
}
