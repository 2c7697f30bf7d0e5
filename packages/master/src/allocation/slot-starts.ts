import { startsOf, type LoadPart, type Millis, type Plan, type Starts } from '@drumline/model';
import { DueTimesFile } from '@drumline/scenario/artifacts';
import type { Grant } from './slot-grants.js';

/** The starts that are due on slots of a part with a rate. Times are run time. */
export class SlotStarts {
  private known: Starts | undefined;

  constructor(
    private readonly part: LoadPart,
    private readonly plan: Pick<Plan, 'userTypes' | 'tables'>,
  ) {}

  /** The most starts that are due on the slots of some grants in a time. */
  atMost(grants: readonly Grant[], fromMs: Millis, toMs: Millis): number {
    const counts = grants.map(({ items, from, untilMs = Infinity }) =>
      this.atMostOf(items, Math.max(fromMs, from), Math.min(toMs, untilMs)),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** How many starts are due on all slots in a time. */
  allBetween(fromMs: Millis, toMs: Millis): number {
    return this.atMostOf(
      Array.from({ length: this.starts.slots }, (_, slot) => slot),
      fromMs,
      toMs,
    );
  }

  /** How many starts are due on slots in a time, by the index of their user type. */
  byType(slots: readonly number[], fromMs: Millis, toMs: Millis): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    const { startMs } = this.part;
    if (startMs === null) return counts;
    for (const { type, dueMs } of this.starts.of(new Map(slots.map((slot) => [slot, fromMs - startMs])))) {
      if (dueMs >= toMs - startMs) break;
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    return counts;
  }

  private atMostOf(slots: readonly number[], fromMs: Millis, toMs: Millis): number {
    const { startMs, workload } = this.part;
    if (startMs === null || toMs <= fromMs) return 0;
    if (workload.kind === 'fixed' || workload.kind === 'users') return 0;
    return this.starts.dueBetween(fromMs - startMs, toMs - startMs, new Set(slots));
  }

  private get starts(): Starts {
    const { userTypes, tables = [] } = this.plan;
    this.known ??= startsOf(this.part, userTypes, (table) => new DueTimesFile(tables[table]!))!;
    return this.known;
  }
}
