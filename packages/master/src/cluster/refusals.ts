import { describeRefusals, REFUSALS, type RefusalCounts, type RefusalKind } from '@drumline/model';
import type { RateLimitedLog } from './rate-limited-log.js';

/** Counts what the worker port and the control API refused, and logs it with a rate limit. */
export class Refusals {
  private readonly byKind = new Map<RefusalKind, number>();

  constructor(private readonly log: RateLimitedLog) {}

  /**
   * @param why for people; becomes part of a log line @param count how many were refused at once
   */
  add(kind: RefusalKind, why: string, count = 1): void {
    this.byKind.set(kind, (this.byKind.get(kind) ?? 0) + count);
    this.log.line(`refused ${kind}`, `Refused ${REFUSALS[kind][0]}: ${why}.`, 1, count);
  }

  /** Follows what is refused from now on, for one run. */
  fromNow(): RefusalsOfRun {
    return new RefusalsOfRun(this.byKind);
  }
}

/** What was refused during a run. */
export class RefusalsOfRun {
  private readonly before: ReadonlyMap<RefusalKind, number>;

  constructor(private byKind: ReadonlyMap<RefusalKind, number>) {
    this.before = new Map(byKind);
  }

  /** Later refusals do not count. */
  end(): void {
    this.byKind = new Map(this.byKind);
  }

  get counts(): RefusalCounts {
    const since = [...this.byKind].map(([kind, all]) => [kind, all - (this.before.get(kind) ?? 0)] as const);
    return Object.fromEntries(since.filter(([, count]) => count > 0));
  }

  /** One sentence for the notes; undefined if nothing was refused. */
  get sentence(): string | undefined {
    const parts = describeRefusals(this.counts);
    return parts.length === 0 ? undefined : `Refused: ${parts.join(', ')}.`;
  }
}
