import type { RunResult } from '@drumline/wire';
import { buildResult } from '../report/result.js';
import { exitOf, verdictOf, type Ending } from './ending.js';
import { measuredSomething, whyNothing } from './idleness.js';
import { noteRetiredUsers } from './retired-users.js';
import type { Run } from './run.js';

/** Stops the clock of a run, adds the final notes and builds the result. */
export function conclude(run: Run, ending: Ending): RunResult {
  const { clock, plan, aggregate, notes, losses, cluster } = run;
  clock!.end(aggregate.countedMs);
  aggregate.holdUsers(Math.ceil(clock!.elapsedMs / 1_000));
  const snapshot = aggregate.totals.snapshot();
  const { totals, checks, exceptions } = snapshot;
  noteRetiredUsers(notes, aggregate.totals, run.watch.endedWithoutUsers);
  if (totals.interrupted > 0) {
    notes.add(
      'interrupted-requests',
      `${totals.interrupted} requests were still in flight when the stop timeout ended, and were cut off.`,
    );
  }
  const thrown = exceptions.reduce((sum, { occurrences }) => sum + occurrences, 0);
  if (thrown > 0)
    notes.add('exceptions', `The scenario code threw an exception ${thrown} times; see exceptions.`);
  const failed = totals.failures + thrown + checks.reduce((sum, { fails }) => sum + fails, 0);
  const counted = { failed, measured: measuredSomething(snapshot) };
  if (!counted.measured) {
    const { users, fromSecond } = aggregate;
    const why = whyNothing(snapshot, { plan: plan!, users, fromSecond, elapsedMs: clock!.elapsedMs });
    notes.add('nothing-measured', why);
  }
  if (aggregate.seriesTimeline?.full) {
    notes.add(
      'series-limit',
      'The CSV history contains single series only for the first part of the run, because there were more than 100,000 rows. The aggregated rows cover the whole run.',
      'history-limit',
    );
  }
  const exit = exitOf(ending, notes, losses, counted);
  return buildResult({
    id: run.id,
    plan: plan!,
    state: run.machine.state,
    startedAt: clock!.startedAt,
    durationMs: clock!.elapsedMs,
    exit,
    verdict: verdictOf(exit, counted),
    aggregate,
    workers: cluster.registry.workers,
    losses,
    notes: notes.all,
    options: run.options.given,
  });
}
