import {
  clip,
  formatCount,
  formatDuration,
  isOpen,
  type Load,
  type LoadPart,
  type Millis,
  type Plan,
} from '@drumline/model';
import type { ScheduleDelta } from '@drumline/stats';
import type { Loss } from '../allocation/loss.js';
import { laneName, type Participant } from '../allocation/participant.js';
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

type EndedWorker = Pick<Participant, 'id' | 'laneGroups' | 'brokenLanes'>;

/** A note names at most this many causes. */
const MAX_CAUSES = 5;
const MAX_REASON = 200;

/**
 * What may have left starts out although the losses state fewer: workers and lanes that were lost
 * and are not back, and lanes that did not respond at the end.
 */
export function possibleCauses(losses: readonly Loss[], workers: readonly EndedWorker[]): string[] {
  const gone = losses.filter(({ returned }) => !returned);
  const causes = (gone.length > 0 ? gone : losses).map(({ worker, lane, atMs, reason, returned }) => {
    const who = lane === undefined ? `worker ${worker}` : `lane ${worker}/${lane}`;
    const back = returned || lane === undefined ? '' : ', and was not back at the end';
    return `${who} was lost at ${formatDuration(atMs)} (${clip(reason, MAX_REASON)})${back}`;
  });
  const isLost = (id: string, broken: number): boolean =>
    losses.some(({ worker, lane }) => worker === id && lane === broken);
  const silent = workers.flatMap((worker) =>
    [...worker.brokenLanes]
      .filter((lane) => !isLost(worker.id, lane))
      .map((lane) => `lane ${laneName(worker, lane)} did not respond at the end`),
  );
  const all = [...causes, ...silent];
  const more = all.length - MAX_CAUSES;
  return more > 0 ? [...all.slice(0, MAX_CAUSES), `${formatCount(more)} more of this kind`] : all;
}

/** The note about unexplained starts. @param causes from `possibleCauses` */
export function describeUnexplained(
  { phase, due, counted }: UnexplainedStarts,
  causes: readonly string[],
): string {
  const of = phase === '' ? '' : ` of phase '${phase}'`;
  const handled = `and ${formatCount(counted)} were started, dropped or skipped.`;
  const [difference, bound] = counted < due ? [due - counted, 'missing'] : [counted - due, 'too many'];
  const dueText = `${counted < due ? 'at least' : 'at most'} ${formatCount(due)} were due`;
  const what = `${formatCount(difference)} starts${of} are ${bound}`;
  if (causes.length === 0) return `${what} for an unknown reason: ${dueText}, ${handled} Please report it.`;
  return `${what}: ${dueText}, ${handled} This is more than the losses state. The probable cause: ${causes.join('; ')}.`;
}
