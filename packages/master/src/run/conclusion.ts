import type { RunResult } from '@drumline/wire';
import { buildResult } from '../report/result.js';
import { exitOf, type Ending } from './ending.js';
import type { Run } from './run.js';

/** Ends a run's clock, notes what must be said of the whole, and makes its result. */
export function conclude(run: Run, ending: Ending): RunResult {
  const { clock, plan, aggregate, notes, losses, cluster } = run;
  clock!.end(aggregate.countedMs);
  aggregate.holdUsers(Math.ceil(clock!.elapsedMs / 1_000));
  const { totals, checks, exceptions } = aggregate.totals.snapshot();
  if (totals.interrupted > 0) {
    notes.add(
      'interrupted-requests',
      `${totals.interrupted} requests were still in flight when the stop time-out ended and were cut off.`,
    );
  }
  const thrown = exceptions.reduce((sum, { occurrences }) => sum + occurrences, 0);
  if (thrown > 0) notes.add('exceptions', `The scenario’s code threw ${thrown} times; see exceptions.`);
  const failures = totals.failures + thrown + checks.reduce((sum, { fails }) => sum + fails, 0);
  return buildResult({
    id: run.id,
    plan: plan!,
    state: run.machine.state,
    startedAt: clock!.startedAt,
    durationMs: clock!.elapsedMs,
    exit: exitOf(ending, notes, losses, failures),
    aggregate,
    workers: cluster.registry.workers,
    losses,
    notes: notes.all,
  });
}
