import { describeRefusals, REFUSALS, type RefusalCounts, type RefusalKind } from '@drumline/model';
import type { Notebook } from '../run/notebook.js';
import type { Say } from '../options.js';
import { RateLimitedSay } from './rate-limited-say.js';

/** What the worker port and the control API kept out: counted by kind, said now and then, and noted at the end. */
export class Refusals {
  private readonly byKind = new Map<RefusalKind, number>();

  /** For what others can cause as often as they like. */
  readonly limited: RateLimitedSay;

  constructor(
    say: Say,
    private readonly notes: Notebook,
  ) {
    this.limited = new RateLimitedSay(say);
  }

  /** @param why of this one, for people @param count how many there were at once */
  add(kind: RefusalKind, why: string, count = 1): void {
    this.byKind.set(kind, (this.byKind.get(kind) ?? 0) + count);
    this.limited.line(`refused ${kind}`, `Refused ${REFUSALS[kind][0]}: ${why}.`, 1, count);
  }

  get counts(): RefusalCounts {
    return Object.fromEntries(this.byKind);
  }

  /** The run is over. */
  close(): void {
    const parts = describeRefusals(this.counts);
    if (parts.length > 0) this.notes.add('refused', `Refused: ${parts.join(', ')}.`, 'refused');
    this.limited.close();
  }
}
