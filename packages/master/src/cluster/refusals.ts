import { describeRefusals, REFUSALS, type RefusalCounts, type RefusalKind } from '@drumline/model';
import type { NoteCollector } from '../run/note-collector.js';
import type { Log } from '../options.js';
import { RateLimitedLog } from './rate-limited-log.js';

/**
 * Counts what the worker port and the control API refused. Logs it with a rate limit, and adds a
 * note at the end.
 */
export class Refusals {
  private readonly byKind = new Map<RefusalKind, number>();

  readonly limited: RateLimitedLog;

  constructor(
    log: Log,
    private readonly notes: NoteCollector,
  ) {
    this.limited = new RateLimitedLog(log);
  }

  /**
   * @param why for people; becomes part of a log line @param count how many were refused at once
   */
  add(kind: RefusalKind, why: string, count = 1): void {
    this.byKind.set(kind, (this.byKind.get(kind) ?? 0) + count);
    this.limited.line(`refused ${kind}`, `Refused ${REFUSALS[kind][0]}: ${why}.`, 1, count);
  }

  get counts(): RefusalCounts {
    return Object.fromEntries(this.byKind);
  }

  /** Adds the note at the end of the run. */
  close(): void {
    const parts = describeRefusals(this.counts);
    if (parts.length > 0) this.notes.add('refused', `Refused: ${parts.join(', ')}.`, 'refused');
    this.limited.close();
  }
}
