import { isOpen, loadEndMs, startsOf, type LoadPart } from '@drumline/model';
import type { RunResult } from '@drumline/wire';
import type { PlayedRun } from '../cluster/played-run.js';
import { openTimes } from '../cluster/tables.js';
import type { Target } from '../cluster/target.js';

/** What became of the starts of a part. */
interface Outcome {
  readonly part: LoadPart;
  /** Starts that are due by the plan. */
  readonly due: number;
  /** Starts that really happened, each as often as it did. */
  readonly happened: number;
  readonly distinct: number;
  /** Starts that the report counts, with those that were dropped or skipped. */
  readonly counted: number;
  readonly given: number;
  /** Whether its rate was changed during the run. */
  readonly isChanged: boolean;
}

/**
 * Checks that every start of the load happens exactly once, except for what the report states. At
 * the planned end, all starts that are due have happened, or were dropped or skipped.
 */
export function judgeStarts(target: Target, { ids, run, plan, result }: PlayedRun): string[] {
  if (!result || ids.size > 1 || !run?.started) return [];
  const { parts } = run.started.load;
  const { schedule } = run.aggregate.totals.snapshot();
  const stated = (result.losses ?? []).reduce((sum, { startsAtMost = 0 }) => sum + startsAtMost, 0);
  const unexplained = result.notes.filter(({ code }) => code === 'starts-missing');
  const problems = unexplained.map(({ message }) => message);
  if (stated > 0 && !['worker-lost', 'interrupted'].includes(result.exit))
    problems.push(`${stated} starts are stated as lost, but the run ended as ${result.exit}`);
  const ofParts = parts.flatMap((part, index) => {
    if (part.workload.kind === 'users') return [];
    const starts = target.startsOf(run.id, index).map(({ number }) => number);
    const counts = schedule.filter(({ phase }) => phase === part.phase);
    const sumOf = (of: (one: (typeof counts)[number]) => number): number =>
      counts.reduce((sum, one) => sum + of(one), 0);
    const given = sumOf(({ dropped, skipped }) => dropped + skipped);
    const outcome = {
      part,
      due: dueOf(part, plan.userTypes),
      happened: starts.length,
      distinct: new Set(starts).size,
      counted: sumOf(({ started }) => started) + given,
      given,
      isChanged: rateOf(part) !== rateOf(plan.load.parts[index]!),
    };
    // A limit may end a fixed number of iterations before all have begun.
    const { workload } = plan.load.parts[index]!;
    const isCut = workload.kind === 'fixed' && workload.limitMs !== null;
    const isComplete = !isCut && run.ending === 'planned' && loadEndMs(run.started!.load) !== null;
    return problemsOf(outcome, isOpen(part.workload) ? stated : lossesOf(result), isComplete);
  });
  return [...problems, ...ofParts];
}

function rateOf({ workload }: LoadPart): string {
  return isOpen(workload) ? JSON.stringify(workload.rate) : '';
}

function problemsOf(outcome: Outcome, stated: number, isComplete: boolean): string[] {
  const { part, due, happened, distinct, counted, given, isChanged } = outcome;
  const problems: string[] = [];
  const what = `of ${due} starts of ${part.phase} (${part.workload.kind})`;
  const add = (problem: string): void =>
    void problems.push(`${what} ${problem}; ${stated} are stated as lost or doubled`);
  if (happened - distinct > stated) add(`${happened - distinct} happened twice`);
  // A lane that learned late of a lower rate has started more until then.
  if (distinct > due && !isChanged) add(`${distinct} happened`);
  if (counted - due > stated && !isChanged)
    add(`${counted} are counted, ${given} of them dropped or skipped`);
  if (!isComplete) return problems;
  if (due - distinct - given > stated) add(`${distinct} happened, and ${given} were dropped or skipped`);
  if (due - counted > stated) add(`${counted} are counted`);
  return problems;
}

function dueOf(part: LoadPart, types: Parameters<typeof startsOf>[1]): number {
  if (part.workload.kind === 'fixed') return part.workload.total;
  const starts = startsOf(part, types, openTimes)!;
  return [...starts.of(new Map(Array.from({ length: starts.slots }, (_, slot) => [slot, 0])))].length;
}

/** Losses of a part without due times have no number. */
function lossesOf({ losses = [] }: RunResult): number {
  return losses.length === 0 ? 0 : Infinity;
}
