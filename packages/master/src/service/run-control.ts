import { clip, DrumlineError, profileDurationMs, stageAt } from '@drumline/model';
import type {
  IntervalView,
  RunEventView,
  RunResult,
  StatsView,
  StatusView,
  TimelineView,
  WorkerView,
} from '@drumline/wire';
import { monotonicMs } from '@drumline/wire/monotonic';
import { byId } from '../cluster/member.js';
import { LoadOrders } from '../run/load-orders.js';
import type { Run } from '../run/run.js';
import type { StartedRun } from '../run/started-run.js';
import { shownState, type ControlPlane } from './control-plane.js';
import { timelineOf } from '../report/result.js';
import { failedView, statsView, workerView } from './views.js';

/** Implements the orders and views of the control API on a run. */
export class RunControl implements ControlPlane {
  private readonly orders: LoadOrders;

  constructor(private readonly run: Run) {
    const { notes, warnings, intervals, events } = run;
    this.orders = new LoadOrders({ notes, warnings, intervals, events });
    intervals.stream.subscribe('the control API', (event) => {
      if (event.type !== 'closed') return;
      for (const view of this.intervalViews(event.second, event.second)) run.events.emit(view);
    });
  }

  status(): StatusView {
    const { run } = this;
    const { options, planned, participants, cluster, started, machine } = run;
    const waitingFor = this.waitingFor();
    const { target } = planned?.plan ?? {};
    const elapsedMs = started?.clock.elapsedMs ?? 0;
    return {
      runId: run.id,
      scenario: run.scenarioName,
      ...(target === undefined ? {} : { target }),
      state: machine.state,
      paused: started?.clock.paused ?? false,
      elapsedMs: Math.round(elapsedMs),
      plannedMs: this.plannedMs(),
      users: participants.users,
      ...this.plannedView(),
      cutOffUsers: started ? run.unreachable.usersAt(elapsedMs) : 0,
      workers: {
        connected: participants.present.length,
        expected: options.expectWorkers,
        missing: participants.inState('missing').length,
      },
      address: cluster.address,
      badFrames: cluster.badFrames,
      refusedWorkers: cluster.registry.refused,
      refusals: run.refused.counts,
      ...(options.report === undefined ? {} : { report: options.report }),
      failed: failedView(run.aggregate, started?.clock.startedAt ?? new Date()),
      ...(waitingFor === undefined ? {} : { waitingFor }),
      notes: run.notes.all,
    };
  }

  workers(): WorkerView[] {
    const suspectAfterMs = this.run.options.heartbeatMs * 1.5;
    return this.run.participants.all
      .map((worker) => workerView(worker, monotonicMs(), suspectAfterMs))
      .sort(byId);
  }

  stats(): StatsView {
    const { started, aggregate, intervals } = this.run;
    const elapsedMs = Math.round(started?.clock.elapsedMs ?? 0);
    const startedAt = started?.clock.startedAt ?? new Date();
    return statsView(aggregate, startedAt, elapsedMs, intervals.closedThrough);
  }

  timeline(fromSecond: number): TimelineView {
    const { started, aggregate } = this.run;
    if (!started) return { fromSecond, points: [] };
    const { clock } = started;
    const last = Math.ceil(clock.elapsedMs / 1_000) - 1;
    const from = Math.max(fromSecond, aggregate.fromSecond);
    return { fromSecond: from, points: timelineOf(aggregate, clock.startedAt, from, last) };
  }

  result(): RunResult {
    const { result } = this.run.outcome;
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
    else this.run.stop('requested', `The run was stopped by hand ${this.run.started?.howFar ?? ''}.`);
    return 'The run is stopping: running tasks finish, and all results are collected.';
  }

  setUsers(users: number, spawnRatePerSecond?: number): string {
    const started = this.requireRunning('given another number of users');
    return this.orders.setUsers(started, users, spawnRatePerSecond);
  }

  pause(): string {
    return this.orders.pause(this.requireRunning('paused'));
  }

  resume(): string {
    return this.orders.resume(this.requireRunning('resumed'));
  }

  reset(): string {
    return this.orders.reset(this.requireRunning('reset'), this.run.participants.all);
  }

  intervalsAfter(number: number): IntervalView[] {
    const { aggregate, intervals } = this.run;
    return this.intervalViews(Math.max(number, aggregate.fromSecond), intervals.closedThrough);
  }

  subscribe(listener: (event: RunEventView) => void): () => void {
    return this.run.events.subscribe(listener);
  }

  /** The seconds from this one to that one, which have closed. */
  private intervalViews(fromSecond: number, toSecond: number): IntervalView[] {
    const { started, aggregate } = this.run;
    if (!started) return [];
    const points = timelineOf(aggregate, started.clock.startedAt, fromSecond, toSecond);
    const status = withLatestNotes(this.status());
    return points.map((point, index) => ({
      type: 'interval',
      number: fromSecond + index + 1,
      point,
      status,
    }));
  }

  private plannedMs(): number | null {
    const { planned } = this.run;
    return planned ? profileDurationMs(planned.allocation.dispatch.load) : null;
  }

  /** What the plan asks for at present. */
  private plannedView(): Pick<StatusView, 'plannedUsers' | 'placedUsers' | 'stage'> {
    const { started, isRunning } = this.run;
    if (!started || !isRunning) return { plannedUsers: 0, placedUsers: 0 };
    const { runMs } = started.clock;
    const plannedUsers = started.dispatch.plannedUsers(runMs);
    const stage = stageAt(started.load, runMs);
    return { plannedUsers, placedUsers: started.dispatch.placedUsers(plannedUsers), ...(stage && { stage }) };
  }

  private waitingFor(): string | undefined {
    const { machine, participants, options, started } = this.run;
    switch (machine.state) {
      case 'created':
        return 'the scenario to load';
      case 'gathering':
        return `workers: ${participants.ready.length} of ${options.expectWorkers} are ready`;
      case 'preparing':
        return 'setup';
      case 'ready':
        return '`drumline start`';
      case 'running':
        return started?.allocation.inReconnectGrace || participants.running.length > 0
          ? undefined
          : 'a worker: none is left to run users';
      case 'draining':
        return 'running tasks to finish and the last reports to arrive';
      default:
        return undefined;
    }
  }

  private requireRunning(what: string): StartedRun {
    const { started, isRunning } = this.run;
    if (started && isRunning) return started;
    throw this.refusal(what);
  }

  private refusal(what: string, hint = 'See `drumline status`.'): DrumlineError {
    return new DrumlineError('request-invalid', `A run that is ${this.shownState} cannot be ${what}.`, hint);
  }

  private get shownState(): string {
    const { started, machine } = this.run;
    return shownState({ state: machine.state, paused: started?.clock.paused ?? false });
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
