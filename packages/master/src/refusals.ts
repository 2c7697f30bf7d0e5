import { describeRefusals, REFUSALS, type RefusalCounts, type RefusalKind } from '@drumline/model';
import type { RateLimitedSay } from './rate-limited-say.js';

/** What was kept out: counted by kind, and said now and then. */
export class Refusals {
  private readonly byKind = new Map<RefusalKind, number>();

  constructor(private readonly say: RateLimitedSay) {}

  /** @param why of this one, for people */
  add(kind: RefusalKind, why: string): void {
    this.byKind.set(kind, (this.byKind.get(kind) ?? 0) + 1);
    this.say.line(`refused ${kind}`, `Refused, as ${REFUSALS[kind]} are: ${why}.`);
  }

  of(kind: RefusalKind): number {
    return this.byKind.get(kind) ?? 0;
  }

  get counts(): RefusalCounts {
    return Object.fromEntries(this.byKind);
  }

  /** All of them in one sentence; nothing if nothing was refused. */
  get summary(): string | undefined {
    const parts = describeRefusals(this.counts);
    return parts.length === 0 ? undefined : `The worker port refused ${parts.join(', ')}.`;
  }
}
