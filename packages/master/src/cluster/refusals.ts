import { describeRefusals, REFUSALS, type RefusalCounts, type RefusalKind } from '@drumline/model';
import type { RateLimitedLog } from './rate-limited-log.js';

/** Counts what the worker port and the control API refused, and logs it with a rate limit. */
export class Refusals {
  private readonly followers = new Set<RefusalsOfRun>();

  constructor(private readonly log: RateLimitedLog) {}

  /**
   * @param why for people; becomes part of a log line @param count how many were refused at once
   * @param runId of the run whose worker it was; undefined if that is unknown, so that every
   * present run counts it
   */
  add(kind: RefusalKind, why: string, count = 1, runId?: string): void {
    for (const follower of this.followers)
      if (runId === undefined || runId === follower.runId) follower.add(kind, count);
    this.log.line(`refused ${kind}`, `Refused ${REFUSALS[kind][0]}: ${why}.`, 1, count);
  }

  /** Follows what is refused from now on, for one run. */
  fromNow(runId: string): RefusalsOfRun {
    const follower = new RefusalsOfRun(runId, () => this.followers.delete(follower));
    this.followers.add(follower);
    return follower;
  }
}

/** What was refused during a run. */
export class RefusalsOfRun {
  private readonly byKind = new Map<RefusalKind, number>();

  constructor(
    readonly runId: string,
    /** Later refusals do not count. */
    readonly end: () => void,
  ) {}

  add(kind: RefusalKind, count: number): void {
    this.byKind.set(kind, (this.byKind.get(kind) ?? 0) + count);
  }

  get counts(): RefusalCounts {
    return Object.fromEntries(this.byKind);
  }

  /** One sentence for the notes; undefined if nothing was refused. */
  get sentence(): string | undefined {
    const parts = describeRefusals(this.counts);
    return parts.length === 0 ? undefined : `Refused: ${parts.join(', ')}.`;
  }
}
