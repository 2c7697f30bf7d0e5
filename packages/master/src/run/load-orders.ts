import {
  changeRateNow,
  changeUsersNow,
  DrumlineError,
  findRateProblem,
  findUsersProblem,
  fixedCountMismatch,
  formatDuration,
  formatLoadRate,
  sentenceOf,
  type LiveChange,
  type Millis,
  type OutOfBounds,
  type RateChange,
  type UsersChange,
} from '@drumline/model';
import type { Participant } from '../allocation/participant.js';
import type { Intervals } from '../intervals/intervals.js';
import type { EventBus } from './event-bus.js';
import type { NoteCollector } from './note-collector.js';
import type { StartedRun } from './started-run.js';
import type { TightWorker } from './tight-limits.js';
import type { Warnings } from './warnings.js';

/** A changed rate begins this long after the order, so that every lane knows it by then. */
const RATE_LEAD_MS: Millis = 1_000;

const SHAPED: OutOfBounds = {
  message: 'shape() decides about the users, once a second',
  hint: 'Start the run with --users to set them by hand.',
};

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

  setUsers(run: StartedRun, change: UsersChange): string {
    const { warnings } = this.parts;
    const { plan, dispatch, clock, allocation } = run;
    refuseIf(plan.controller?.kind === 'shape' ? SHAPED : undefined);
    const { users, perSecond, user } = change;
    const lanes = allocation.running.reduce((sum, { laneGroups }) => sum + laneGroups.length, 0);
    const by = Math.abs(users - dispatch.plannedUsers(clock.runMs));
    refuseIf(
      findUsersProblem(users, 0, lanes || undefined) ??
        (perSecond === undefined ? undefined : findRateProblem(perSecond, by)),
    );
    const how = perSecond === undefined ? 'at once' : `at ${perSecond} users per second`;
    const what = `${users} users${user === undefined ? '' : ` of '${user}'`}, ${how}`;
    const limits = this.change(run, what, changeUsersNow(dispatch.load, plan.userTypes, clock.runMs, change));
    const mismatch = user === undefined ? fixedCountMismatch(plan.userTypes, users) : undefined;
    if (mismatch !== undefined && users > 0)
      warnings.add({ code: 'fixed-counts', where: 'users', message: mismatch });
    return `The load changes to ${what}.${limits}`;
  }

  setRate(run: StartedRun, change: RateChange): string {
    const { plan, dispatch, clock } = run;
    const { perSecond, overMs, user } = change;
    const how = overMs === 0 ? '' : ` over ${formatDuration(overMs)}`;
    const what = `${formatLoadRate(perSecond)}${user === undefined ? '' : ` of '${user}'`}${how}`;
    const fromMs = clock.runMs + RATE_LEAD_MS;
    const changed = changeRateNow(dispatch.load, plan.userTypes, clock.runMs, { ...change, fromMs });
    return `The load changes to ${what}, beginning in a second.${this.change(run, what, changed)}`;
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
    const now = Math.floor(clock.elapsedMs / 1_000);
    const from = this.parts.intervals.reset(now, workers);
    const at = formatDuration(from > now ? from * 1_000 : clock.elapsedMs);
    this.parts.notes.add(
      'stats-reset',
      `The statistics were reset at ${at}. Earlier results are not in the report.`,
    );
    return from > now ? `The statistics are reset at ${at}.` : 'The statistics were reset.';
  }

  /**
   * @returns what machines are too weak for the load, as the end of an answer; '' if none is
   * @throws DrumlineError `request-invalid` if the load cannot be changed
   */
  private change(run: StartedRun, what: string, changed: LiveChange): string {
    const { notes, warnings } = this.parts;
    const { plan, dispatch, clock } = run;
    if (plan.controller?.kind === 'findLimit')
      throw refusal({ message: 'the run sets its load itself', hint: 'Its load is findLimit(…).' });
    if ('problem' in changed) throw refusal(changed.problem);
    dispatch.changeLoad(changed.load, clock.runMs);
    run.applyLoad();
    const limits = warnings.addLimits(plan, dispatch.load);
    notes.add(
      'load-changed',
      `At ${formatDuration(clock.elapsedMs)} the load was changed by hand to ${what}.`,
    );
    return warningOf(limits);
  }
}

function refuseIf(problem: OutOfBounds | undefined): void {
  if (problem) throw refusal(problem);
}

function refusal({ message, hint }: OutOfBounds): DrumlineError {
  return new DrumlineError('request-invalid', `${message}.`, hint);
}

/** An order is never refused for a limit: the run goes on, and its notes have all limits. */
function warningOf([first, ...others]: readonly TightWorker[]): string {
  if (!first) return '';
  const more = others.length === 0 ? '' : ` The notes of the run have ${others.length} more.`;
  return ` Warning: ${sentenceOf(first)}${more}`;
}
