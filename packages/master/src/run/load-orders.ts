import {
  changeUsersOf,
  DrumlineError,
  findRateProblem,
  findUsersProblem,
  fixedCountMismatch,
  formatDuration,
} from '@drumline/model';
import type { Participant } from '../allocation/participant.js';
import type { Intervals } from '../intervals/intervals.js';
import type { EventBus } from './event-bus.js';
import type { NoteCollector } from './note-collector.js';

import type { StartedRun } from './started-run.js';
import type { Warnings } from './warnings.js';

interface Parts {
  readonly notes: Pick<NoteCollector, 'add'>;
  readonly warnings: Warnings;
  readonly intervals: Pick<Intervals, 'reset'>;
  readonly events: Pick<EventBus, 'emitState'>;
}

/**
 * Changes the load of a running run by hand. Each order returns one sentence, or throws
 * `DrumlineError('request-invalid')`.
 */
export class LoadOrders {
  constructor(private readonly parts: Parts) {}

  setUsers(run: StartedRun, users: number, spawnRatePerSecond?: number): string {
    const { notes, warnings } = this.parts;
    const { plan, dispatch, clock, allocation } = run;
    const lanes = allocation.running.reduce((sum, { laneGroups }) => sum + laneGroups.length, 0);
    const change = Math.abs(users - dispatch.plannedUsers(clock.runMs));
    const problem =
      findUsersProblem(users, 0, lanes || undefined) ??
      (spawnRatePerSecond === undefined ? undefined : findRateProblem(spawnRatePerSecond, change));
    if (problem) throw new DrumlineError('request-invalid', `${problem.message}.`, problem.hint);
    dispatch.changeLoad(changeUsersOf(dispatch.load, clock.runMs, users, spawnRatePerSecond), clock.runMs);
    run.applyLoad();
    warnings.addLimits(plan, dispatch.load);
    const mismatch = fixedCountMismatch(plan.userTypes, users);
    if (mismatch !== undefined && users > 0)
      warnings.add({ code: 'fixed-counts', where: 'users', message: mismatch });
    const how = spawnRatePerSecond === undefined ? 'at once' : `at ${spawnRatePerSecond} users per second`;
    notes.add(
      'load-changed',
      `At ${formatDuration(clock.elapsedMs)} the load was changed by hand to ${users} users, ${how}.`,
    );
    return `The load changes to ${users} users, ${how}.`;
  }

  pause(run: StartedRun): string {
    if (run.clock.paused) throw new DrumlineError('request-invalid', 'The run is already paused.');
    run.clock.pause();
    run.applyLoad();
    this.parts.events.emitState('paused');
    return 'The run is paused: users finish their task and wait.';
  }

  resume(run: StartedRun): string {
    const { clock } = run;
    const { pausedAtMs } = clock;
    if (pausedAtMs === null) throw new DrumlineError('request-invalid', 'The run is not paused.');
    const pausedForMs = clock.elapsedMs - clock.pausedMs - pausedAtMs;
    clock.resume();
    run.applyLoad();
    this.parts.notes.add(
      'paused',
      `The run was paused for ${formatDuration(pausedForMs)}, up to ${formatDuration(clock.elapsedMs)}.`,
    );
    this.parts.events.emitState('running');
    return 'The run has resumed.';
  }

  /** Discards the statistics of all workers so far. */
  reset({ clock }: StartedRun, workers: readonly Participant[]): string {
    this.parts.intervals.reset(Math.floor(clock.elapsedMs / 1_000), workers);
    this.parts.notes.add(
      'stats-reset',
      `The statistics were reset at ${formatDuration(clock.elapsedMs)}. Earlier results are not in the report.`,
    );
    return 'The statistics were reset.';
  }
}
