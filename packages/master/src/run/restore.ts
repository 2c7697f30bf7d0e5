import type { Millis } from '@drumline/model';
import type { Allocation } from '../allocation/allocation.js';
import type { Intervals } from '../intervals/intervals.js';
import { decodeHistory } from '../store/history-rows.js';
import { storedCountsOf, type StartedState } from '../store/run-store.js';
import { searchOf } from './limit-search.js';
import type { Annotations } from './annotations.js';
import type { Losses } from './losses.js';
import type { NoteCollector } from './note-collector.js';
import type { SharedValues } from './shared-values.js';
import { RunClock } from './run-clock.js';
import { resumeJudge } from '../report/past-thresholds.js';
import { plannedEndMs, type PlannedRun } from './started-run.js';

interface Parts {
  readonly notes: NoteCollector;
  readonly annotations: Annotations;
  readonly losses: Losses;
  readonly intervals: Intervals;
  readonly allocation: Allocation;
  readonly shared: SharedValues;
}

interface RestoredRun {
  readonly planned: PlannedRun;
  readonly clock: RunClock;
  /** Number of seconds that the previous master knew. */
  readonly knownSeconds: number;
}

/**
 * Restores what another master knew of a run.
 * @param idleMs since that master last wrote; needed after a reboot
 */
export function restoreRun(
  state: StartedState,
  idleMs: Millis,
  { notes, annotations, losses, intervals, allocation, shared }: Parts,
): RestoredRun {
  const { run, workers } = state;
  const { bundle, plan, setupResult } = run;
  notes.restore(run.notes);
  annotations.restore(run.annotations ?? []);
  losses.restore(run.losses);
  shared.open(plan, state.shared);
  intervals.restore(storedCountsOf(state));
  intervals.aggregate.untrusted.restore(run.untrusted ?? []);
  const knownSeconds = intervals.closedBefore;
  const judge = resumeJudge(state);
  const clock = RunClock.restore(run.clock, knownSeconds * 1_000, idleMs);
  const start = { startAtMs: clock.startAtMs, setupResult };
  const planned = {
    bundle,
    plan,
    judge,
    search: searchOf(plan, intervals.aggregate, run.limitSteps),
    allocation: allocation.resume({ bundle, plan, placement: run, start, workers }),
  };
  const histories = new Map(state.histories);
  for (const { peer, history } of allocation.participants.all) {
    const stored = histories.get(peer);
    if (stored) history.restore(decodeHistory(stored));
  }
  const endMs = plannedEndMs(planned.allocation.dispatch.load, clock);
  clock.overAt(run.state === 'draining' ? knownSeconds * 1_000 : endMs);
  return { planned, clock, knownSeconds };
}
