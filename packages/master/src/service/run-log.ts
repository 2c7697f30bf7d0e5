import { printable } from '@drumline/model';
import type { LogLine, LogQuery, LogsView, RunEventView } from '@drumline/wire';
import type { Log } from '../cluster/log.js';

/** The number of newest lines that are kept. */
const MAX_LINES = 2_000;
const MAX_LENGTH = 4_096;
const DEFAULT_LINES = 1_000;

/** What a run printed and noted, the newest lines. */
export class RunLog {
  private readonly lines: LogLine[] = [];
  private readonly listeners = new Set<(line: LogLine) => void>();
  private last = 0;

  add(kind: LogLine['kind'], text: string): void {
    const shown = printable(text).slice(0, MAX_LENGTH);
    const line = { number: this.nextNumber(), at: new Date().toISOString(), kind, text: shown };
    this.lines.push(line);
    if (this.lines.length > MAX_LINES) this.lines.shift();
    for (const listener of this.listeners) listener(line);
  }

  /** Passes lines on, and keeps them. */
  tee(log: Log): Log {
    return (line) => {
      this.add('printed', line);
      log(line);
    };
  }

  /** Ascends over masters, too, so that a reader can continue after a restart. */
  private nextNumber(): number {
    this.last = Math.max(this.last + 1, Date.now());
    return this.last;
  }

  view({ after = 0, limit = DEFAULT_LINES }: LogQuery): LogsView {
    const lines = this.lines.filter(({ number }) => number > after).slice(0, limit);
    return { lines };
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: (line: LogLine) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** Adds an event as a line, except those of every second. */
export function logEvent(log: RunLog, event: RunEventView): void {
  switch (event.type) {
    case 'state':
      return log.add('state', `The run is ${event.state}${reasonOf(event)}.`);
    case 'note':
      return log.add('note', event.message);
    case 'worker':
      return log.add('worker', `Worker ${event.name} is ${event.state}${reasonOf(event)}.`);
    case 'lane':
      return log.add('lane', `Lane ${event.lane} of ${event.worker}, ${event.kind}: ${event.reason}`);
    case 'threshold':
      return log.add('threshold', `${event.of} ${event.expression} is ${event.state}.`.trimStart());
    case 'annotation':
      return log.add('annotation', event.text);
    case 'end':
      return log.add('state', `The run has ended: ${event.verdict}, exit code ${event.exitCode}.`);
    case 'interval':
    case 'correction':
  }
}

function reasonOf({ reason }: { readonly reason?: string | undefined }): string {
  return reason === undefined ? '' : ` (${reason})`;
}
