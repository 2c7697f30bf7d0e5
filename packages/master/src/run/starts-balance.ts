import { formatCount, isOpen, type Load, type LoadPart, type Millis, type Plan } from '@drumline/model';
import type { ScheduleDelta } from '@drumline/stats';
import { SlotStarts } from '../allocation/slot-starts.js';

/** Lanes may stop this much earlier than the master’s clock says. */
const EARLY_MS: Millis = 250;
/** Lanes may deal with starts for this long after the end, until the order to stop reaches them. */
const LATE_MS: Millis = 3_000;

/** Starts of a phase that neither counts nor losses explain. */
export interface UnexplainedStarts {
  readonly phase: string;
  /** Starts that were due by the plan, at least or at most. */
  readonly due: number;
  /** Starts that were counted, dropped or skipped. */
  readonly counted: number;
}

/** The end of the load, in run time. */
interface LoadEnd {
  /** When the end was ordered. */
  readonly fromMs: Millis;
  /** When all workers had ended. Later for one that did not hear of a pause. */
  readonly untilMs: Millis;
}

/**
 * Compares the starts that were due with those that are counted. At the end of a run they are
 * equal, except for the starts that losses state. Otherwise, something unknown went wrong.
 * @param stated starts that losses state as missing or doubled
 */
export function unexplainedStarts(
  { parts }: Load,
  plan: Pick<Plan, 'userTypes' | 'tables' | 'load'>,
  schedule: readonly ScheduleDelta[],
  { fromMs, untilMs }: LoadEnd,
  stated: number,
): UnexplainedStarts[] {
  const phases = [...new Set(parts.map(({ phase }) => phase))];
  return phases.flatMap((phase) => {
    const own = parts.filter((part) => part.phase === phase && part.workload.kind !== 'users');
    // The master does not know which iterations of a fixed number of them were due.
    if (own.length === 0 || own.some(({ workload }) => !isOpen(workload))) return [];
    const starts = own.map((part) => new SlotStarts(part, plan));
    const dueBefore = (runMs: Millis): number =>
      starts.reduce((sum, part) => sum + part.allBetween(-Infinity, runMs), 0);
    const counted = schedule
      .filter((row) => row.phase === phase)
      .reduce((sum, { started, dropped, skipped }) => sum + started + dropped + skipped, 0);
    const atLeast = dueBefore(fromMs - EARLY_MS);
    if (counted + stated < atLeast) return [{ phase, due: atLeast, counted }];
    // A lane that learned late of a lower rate has started more until then.
    if (own.some((part) => isChanged(part, plan.load))) return [];
    const atMost = dueBefore(untilMs + LATE_MS);
    return counted - stated > atMost ? [{ phase, due: atMost, counted }] : [];
  });
}

/** Whether the rate of a part was changed during the run. */
function isChanged(part: LoadPart, planned: Load): boolean {
  const rates = planned.parts.map(({ workload }) => isOpen(workload) && JSON.stringify(workload.rate));
  return isOpen(part.workload) && !rates.includes(JSON.stringify(part.workload.rate));
}

/** The note about unexplained starts. */
export function describeUnexplained({ phase, due, counted }: UnexplainedStarts): string {
  const of = phase === '' ? '' : ` of phase '${phase}'`;
  const what =
    counted < due
      ? `${formatCount(due - counted)} starts${of} are missing for an unknown reason: at least ${formatCount(due)} were due`
      : `${formatCount(counted - due)} starts${of} are too many for an unknown reason: at most ${formatCount(due)} were due`;
  return `${what}, and ${formatCount(counted)} were started, dropped or skipped. Please report it.`;
}
