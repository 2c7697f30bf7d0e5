import {
  changeUsers,
  clip,
  DrumlineError,
  findRateProblem,
  findUsersProblem,
  fixedCountMismatch,
  formatDuration,
  profileDurationMs,
  stageAt,
} from '@drumline/model';
import type {
  RunEventView,
  RunResult,
  StatsView,
  StatusView,
  TimelineView,
  WorkerView,
} from '@drumline/wire';
import { shownState, type RunControl } from '../api/run-control.js';
import { masterNowMs } from '../clock.js';
import { byId } from '../cluster/registry.js';
import type { RunClock } from './run-clock.js';
import type { Run } from './run.js';
import { timelineOf } from '../report/result.js';
import { failedView, statsView, workerView } from './views.js';

/** Implements the orders and views of the control API on a run. */
export class Control implements RunControl {
  constructor(private readonly run: Run) {
    run.onSecond = (second) => {
      const [point] = timelineOf(run.aggregate, run.clock!.startedAt, second, second);
      if (point) run.emit({ type: 'interval', point, status: withLatestNotes(this.status()) });
    };
  }

  status(): StatusView {
    const { run } = this;
    const { registry } = run.cluster;
    const waitingFor = this.waitingFor();
    const plannedUsers =
      run.machine.state === 'running' && run.clock ? run.dispatch!.plannedUsers(run.clock.runMs) : 0;
    const stage = run.machine.state === 'running' ? this.stage() : undefined;
    return {
      runId: run.id,
      scenario: run.scenarioName,
      ...(run.plan?.target === undefined ? {} : { target: run.plan.target }),
      state: run.machine.state,
      paused: run.clock?.paused ?? false,
      elapsedMs: Math.round(run.clock?.elapsedMs ?? 0),
      plannedMs: this.plannedMs(),
      users: run.users,
      plannedUsers,
      placedUsers: run.dispatch?.placedUsers(plannedUsers) ?? 0,
      cutOffUsers: run.clock ? run.unreachable.usersAt(run.clock.elapsedMs) : 0,
      workers: {
        connected: registry.present.length,
        expected: run.options.expectWorkers,
        missing: registry.inState('missing').length,
      },
      address: run.link.address,
      badFrames: run.link.badFrames,
      refusedWorkers: registry.refused,
      refusals: run.refusals.counts,
      ...(stage && { stage }),
      ...(run.options.report === undefined ? {} : { report: run.options.report }),
      failed: failedView(run.aggregate, run.clock?.startedAt ?? new Date()),
      ...(waitingFor === undefined ? {} : { waitingFor }),
      notes: run.notes.all,
    };
  }

  workers(): WorkerView[] {
    const suspectAfterMs = this.run.options.heartbeatMs * 1.5;
    return this.run.cluster.registry.workers
      .map((worker) => workerView(worker, masterNowMs(), suspectAfterMs))
      .sort(byId);
  }

  stats(): StatsView {
    const { clock, aggregate } = this.run;
    const elapsedMs = clock?.elapsedMs ?? 0;
    // Reports of a second have arrived 600 ms after it.
    const second = Math.floor((elapsedMs - 600) / 1_000) - 1;
    return statsView(aggregate, clock?.startedAt ?? new Date(), Math.round(elapsedMs), second);
  }

  timeline(fromSecond: number): TimelineView {
    const { clock, aggregate } = this.run;
    if (!clock) return { fromSecond, points: [] };
    const last = Math.ceil(clock.elapsedMs / 1_000) - 1;
    const from = Math.max(fromSecond, aggregate.fromSecond);
    return { fromSecond: from, points: timelineOf(aggregate, clock.startedAt, from, last) };
  }

  result(): RunResult {
    const { result } = this.run;
    if (result) return result;
    throw new DrumlineError(
      'request-invalid',
      `There is no result yet: the run is ${this.shownState}.`,
      'Use GET /v1/stats, or ask for the result after the event `end`.',
    );
  }

  start(): string {
    const { state } = this.run.machine;
    if (state === 'created' || state === 'gathering' || state === 'preparing') {
      throw new DrumlineError(
        'request-invalid',
        `The run cannot be started: it is ${state} and waits for ${this.waitingFor()}.`,
        'See `drumline status`.',
      );
    }
    if (this.shownState === 'paused') throw this.refusal('started', 'To continue it, use `drumline resume`.');
    this.run.start();
    return 'The run has started.';
  }

  stop(): string {
    const { state } = this.run.machine;
    if (state === 'draining') return 'The run is already stopping.';
    if (state === 'finished' || state === 'aborted' || state === 'failed') throw this.refusal('stopped');
    if (this.plannedMs() === null) this.run.stop('planned');
    else this.run.stop('requested', `The run was stopped by hand ${this.run.howFar}.`);
    return 'The run is stopping: running tasks finish, and all results are collected.';
  }

  setUsers(users: number, spawnRatePerSecond?: number): string {
    const { dispatch, notes } = this.run;
    const clock = this.requireRunning('given another number of users');
    const lanes = this.run.cluster.running.reduce((sum, { laneGroups }) => sum + laneGroups.length, 0);
    const change = Math.abs(users - dispatch!.plannedUsers(clock.runMs));
    const problem =
      findUsersProblem(users, 0, lanes || undefined) ??
      (spawnRatePerSecond === undefined ? undefined : findRateProblem(spawnRatePerSecond, change));
    if (problem) throw new DrumlineError('request-invalid', `${problem.message}.`, problem.hint);
    dispatch!.changeLoad(changeUsers(dispatch!.load, clock.runMs, users, spawnRatePerSecond));
    this.run.applyLoad();
    this.run.warnings.addLimits(this.run.plan!, dispatch!.load);
    const mismatch = fixedCountMismatch(this.run.plan!.userTypes, users);
    if (mismatch !== undefined && users > 0)
      this.run.warnings.add({ code: 'fixed-counts', where: 'users', message: mismatch });
    const how = spawnRatePerSecond === undefined ? 'at once' : `at ${spawnRatePerSecond} users per second`;
    notes.add(
      'load-changed',
      `At ${formatDuration(clock.elapsedMs)} the load was changed by hand to ${users} users, ${how}.`,
    );
    return `The load changes to ${users} users, ${how}.`;
  }

  pause(): string {
    const clock = this.requireRunning('paused');
    if (clock.paused) throw new DrumlineError('request-invalid', 'The run is already paused.');
    clock.pause();
    this.run.applyLoad();
    this.run.emit({ type: 'state', state: 'paused', at: new Date().toISOString() });
    return 'The run is paused: users finish their task and wait.';
  }

  resume(): string {
    const clock = this.requireRunning('resumed');
    if (!clock.paused) throw new DrumlineError('request-invalid', 'The run is not paused.');
    const pausedForMs = clock.elapsedMs - clock.pausedMs - clock.pausedAtMs!;
    clock.resume();
    this.run.applyLoad();
    this.run.notes.add(
      'paused',
      `The run was paused for ${formatDuration(pausedForMs)}, up to ${formatDuration(clock.elapsedMs)}.`,
    );
    this.run.emit({ type: 'state', state: 'running', at: new Date().toISOString() });
    return 'The run has resumed.';
  }

  reset(): string {
    const clock = this.requireRunning('reset');
    this.run.aggregate.reset(Math.floor(clock.elapsedMs / 1_000), this.run.cluster.registry.workers);
    this.run.notes.add(
      'stats-reset',
      `The statistics were reset at ${formatDuration(clock.elapsedMs)}. Earlier results are not in the report.`,
    );
    return 'The statistics were reset.';
  }

  subscribe(listener: (event: RunEventView) => void): () => void {
    return this.run.subscribe(listener);
  }

  private plannedMs(): number | null {
    const load = this.run.dispatch?.load ?? this.run.plan?.load;
    return load ? profileDurationMs(load) : null;
  }

  private stage(): StatusView['stage'] {
    const { clock, dispatch } = this.run;
    return clock && dispatch && stageAt(dispatch.load, clock.runMs);
  }

  private waitingFor(): string | undefined {
    const { run } = this;
    const { state } = run.machine;
    if (state === 'created') return 'the scenario to load';
    if (state === 'gathering') {
      return `workers: ${run.cluster.ready.length} of ${run.options.expectWorkers} are ready`;
    }
    if (state === 'preparing') return 'setup';
    if (state === 'ready') return '`drumline start`';
    if (state === 'running' && !run.cluster.inReconnectGrace && run.cluster.running.length === 0)
      return 'a worker: none is left to run users';
    if (state === 'draining') return 'running tasks to finish and the last reports to arrive';
    return undefined;
  }

  private requireRunning(what: string): RunClock {
    const { clock, machine } = this.run;
    if (clock && machine.state === 'running') return clock;
    throw this.refusal(what);
  }

  private refusal(what: string, hint = 'See `drumline status`.'): DrumlineError {
    return new DrumlineError('request-invalid', `A run that is ${this.shownState} cannot be ${what}.`, hint);
  }

  private get shownState(): string {
    const { clock, machine } = this.run;
    return shownState({ state: machine.state, paused: clock?.paused ?? false });
  }
}

/**
 * Number of notes in each interval event. Event readers receive every note once, as a separate
 * event.
 */
const LATEST_NOTES = 5;
const LATEST_NOTE_LENGTH = 500;

function withLatestNotes(status: StatusView): StatusView {
  const notes = status.notes.slice(-LATEST_NOTES);
  return {
    ...status,
    notes: notes.map(({ code, message }) => ({ code, message: clip(message, LATEST_NOTE_LENGTH) })),
  };
}
