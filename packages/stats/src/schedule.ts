import type { ScheduleDelta } from './delta.js';
import { clipName } from './limits.js';
import { compare } from './metrics.js';

/**
 * What becomes of a start that is due. One that happens late is one event, so that both of its
 * counts are in the same second.
 */
export type ScheduleEvent = 'started' | 'startedLate' | 'dropped' | 'skipped';

/** Counts starts of open and fixed workloads by user type and phase. */
export class ScheduleTally {
  /** A list, because there are few user types and phases. */
  readonly #rows: ScheduleDelta[] = [];
  #last: ScheduleDelta | undefined;

  /** Counts one event, for each start of a lane. */
  count(event: ScheduleEvent, user: string, phase: string, times = 1): void {
    const last = this.#last;
    const row = last?.user === user && last.phase === phase ? last : this.#row(user, phase);
    this.#last = row;
    if (event !== 'startedLate') return void (row[event] += times);
    row.started += times;
    row.late += times;
  }

  add({ user, phase, started, late, dropped, skipped }: ScheduleDelta): void {
    const row = this.#row(user, phase);
    row.started += started;
    row.late += late;
    row.dropped += dropped;
    row.skipped += skipped;
  }

  deltas(): ScheduleDelta[] {
    return this.#rows.filter(isUsed).map((row) => ({ ...row }));
  }

  /** Sorted by phase and user type. */
  totals(): ScheduleDelta[] {
    return this.deltas().sort((a, b) => compare(a.phase, b.phase) || compare(a.user, b.user));
  }

  reset(): void {
    for (const row of this.#rows) row.started = row.late = row.dropped = row.skipped = 0;
  }

  #row(user: string, phase: string): ScheduleDelta {
    for (const row of this.#rows) if (row.user === user && row.phase === phase) return row;
    const [type, name] = [clipName(user), clipName(phase)];
    if (type !== user || name !== phase) return this.#row(type, name);
    const row = { user, phase, started: 0, late: 0, dropped: 0, skipped: 0 };
    this.#rows.push(row);
    return row;
  }
}

function isUsed({ started, dropped, skipped }: ScheduleDelta): boolean {
  return started > 0 || dropped > 0 || skipped > 0;
}
