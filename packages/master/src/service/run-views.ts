import { byId, clip, loadEndMs, RequestError, stagesAt, withoutLogin } from '@drumline/model';
import { countsOf } from '@drumline/wire';
import type {
  CorrectionView,
  ErrorsView,
  IntervalView,
  MetricsView,
  RunResult,
  RunView,
  StatsView,
  StatusView,
  TimelineQuery,
  TimelineView,
  TotalsResult,
  WorkerView,
} from '@drumline/wire';
import { monotonicMs } from '@drumline/wire/monotonic';
import { countedSeconds } from '../report/result.js';
import { timelineOf } from '../report/timeline.js';
import type { Run } from '../run/run.js';
import type { LiveRun } from './control-plane.js';
import { endedWorkerView } from './ended-worker.js';
import { listCounted, type ListSeries } from './listed-series.js';
import { CountedRows, type SeriesMoment } from './series-rows.js';
import { shownState } from './shown-state.js';
import { RunTimeline } from './run-timeline.js';
import {
  errorsView,
  failedView,
  limitView,
  metricsView,
  statsView,
  thresholdsView,
  workerView,
} from './views.js';

/** The parts of a run that people and programs see. */
type VisibleRun = Pick<
  Run,
  | 'id'
  | 'scenarioName'
  | 'options'
  | 'cluster'
  | 'machine'
  | 'planned'
  | 'started'
  | 'isRunning'
  | 'participants'
  | 'gathering'
  | 'unreachable'
  | 'refused'
  | 'notes'
  | 'aggregate'
  | 'intervals'
  | 'outcome'
  | 'annotations'
  | 'outputs'
  | 'writer'
>;

/** What people and programs see of a run. */
export class RunViews implements Pick<
  LiveRun,
  'view' | 'status' | 'workers' | 'stats' | 'seconds' | 'timeline' | 'errors' | 'result'
> {
  private readonly submittedAt = new Date().toISOString();
  private readonly timelines: RunTimeline;
  private readonly seriesRows = new CountedRows();

  constructor(private readonly run: VisibleRun) {
    this.timelines = new RunTimeline(run);
  }

  view(): RunView {
    const { id, scenarioName, options, planned, started, outcome } = this.run;
    const waitingFor = this.waitingFor();
    const { labels } = planned?.plan ?? options.overrides;
    const target = planned?.plan.target;
    return {
      runId: id,
      scenario: scenarioName,
      scenarioPath: options.scenario,
      labels: { ...labels },
      state: this.shownState,
      ...(this.place && { position: this.place.position }),
      ...(waitingFor !== undefined && { waitingFor }),
      workersWanted: options.workers ?? 'all',
      submittedAt: this.submittedAt,
      ...(started && { startedAt: started.clock.startedAt.toISOString() }),
      ...outcome.view,
      ...(target !== undefined && { target: withoutLogin(target) }),
    };
  }

  status(): StatusView {
    const { run } = this;
    const { options, planned, participants, cluster, started, machine, gathering } = run;
    const waitingFor = this.waitingFor();
    const { target, parameters } = planned?.plan ?? {};
    const elapsedMs = started?.clock.elapsedMs ?? 0;
    return {
      runId: run.id,
      scenario: run.scenarioName,
      ...(target === undefined ? {} : { target: withoutLogin(target) }),
      ...(parameters === undefined ? {} : { parameters: { ...parameters } }),
      state: machine.state,
      paused: started?.clock.paused ?? false,
      elapsedMs: Math.round(elapsedMs),
      plannedMs: this.plannedMs(),
      users: participants.users,
      ...this.plannedView(),
      cutOffUsers: started ? run.unreachable.usersAt(elapsedMs) : 0,
      workers: {
        connected: participants.present.length,
        expected: gathering.expected,
        missing: participants.inState('missing').length,
      },
      busiestLanePercent: Math.round(participants.busiestLane * 1_000) / 10,
      address: cluster.address,
      badFrames: cluster.badFrames,
      refusedWorkers: cluster.registry.refused,
      refusals: run.refused.counts,
      ...(options.report === undefined ? {} : { report: options.report }),
      quantilesEverySeconds: run.intervals.quantiles.everySeconds,
      failed: failedView(run.aggregate, started?.clock.startedAt ?? new Date()),
      ...thresholdsView(planned?.judge),
      ...limitView(planned?.search),
      ...(run.outputs.views.length > 0 && { outputs: [...run.outputs.views] }),
      ...(waitingFor === undefined ? {} : { waitingFor }),
      notes: run.notes.all,
    };
  }

  workers(): WorkerView[] {
    const suspectAfterMs = this.run.options.heartbeatMs * 1.5;
    const results = new Map(this.run.outcome.result?.workers.map((worker) => [worker.id, worker]));
    return this.run.participants.all
      .map((worker) => {
        const result = results.get(worker.id);
        return result
          ? endedWorkerView(result, worker.hello, worker.history)
          : workerView(worker, monotonicMs(), suspectAfterMs);
      })
      .sort(byId);
  }

  stats(): StatsView {
    const { started, aggregate, intervals } = this.run;
    const elapsedMs = Math.round(started?.clock.elapsedMs ?? 0);
    const startedAt = started?.clock.startedAt ?? new Date();
    return statsView(aggregate, startedAt, elapsedMs, intervals.closedThrough);
  }

  totals(): TotalsResult {
    return countsOf(this.run.aggregate.totals.overall(), this.countedSeconds);
  }

  metrics(): MetricsView {
    return metricsView(this.run.aggregate.totals.others(), this.countedSeconds);
  }

  get series(): ListSeries {
    return listCounted(this.run.aggregate.totals, this.countedSeconds);
  }

  /** The series as they are at the end of an interval. */
  get seriesMoment(): SeriesMoment {
    const { aggregate, intervals } = this.run;
    const seconds = this.countedSeconds;
    return this.seriesRows.moment({ aggregate, interval: intervals.closedThrough + 1, seconds });
  }

  private get countedSeconds(): number {
    const { started, aggregate } = this.run;
    return countedSeconds(aggregate, started?.clock.elapsedMs ?? 0);
  }

  errors(): ErrorsView {
    const { started, aggregate, planned } = this.run;
    const startedAt = started?.clock.startedAt ?? new Date();
    return errorsView(aggregate.totals.failures(), planned?.plan ?? {}, startedAt);
  }

  seconds(fromSecond: number): TimelineView {
    return this.timelines.seconds(fromSecond);
  }

  timeline(query: TimelineQuery): TimelineView | Promise<TimelineView> {
    return this.timelines.view(query);
  }

  result(): RunResult {
    const { result } = this.run.outcome;
    if (result) return result;
    const { problem } = this.run.outcome;
    if (problem !== undefined) throw new RequestError('request-invalid', `The run has no result: ${problem}`);
    throw new RequestError(
      'run-unfinished',
      `There is no result yet: the run is ${this.shownState}.`,
      'Use the path `stats`, or ask for the result after the event `end`.',
    );
  }

  /** The closed intervals after this number, up to that one. */
  intervalsAfter(number: number, last: number): IntervalView[] {
    return this.intervals(Math.max(number, this.run.aggregate.fromSecond), last - 1);
  }

  get shownState(): string {
    const { started, machine } = this.run;
    return shownState({ state: machine.state, paused: started?.clock.paused ?? false });
  }

  /** The seconds from this one to that one, which have closed. */
  intervals(fromSecond: number, toSecond: number): IntervalView[] {
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

  /** The points of these closed intervals, as they are now. */
  corrections(numbers: readonly number[]): CorrectionView[] {
    const { started, aggregate } = this.run;
    if (!started) return [];
    const kept = numbers.filter((number) => number > aggregate.fromSecond);
    return kept.flatMap((number) =>
      timelineOf(aggregate, started.clock.startedAt, number - 1, number - 1).map((point) => ({
        type: 'correction' as const,
        number,
        point,
      })),
    );
  }

  /** Duration of the plan; `null` if it has no end or is unknown. */
  plannedMs(): number | null {
    const { planned } = this.run;
    return planned ? loadEndMs(planned.allocation.dispatch.load) : null;
  }

  /** What the plan asks for at present. */
  private plannedView(): Pick<StatusView, 'plannedUsers' | 'placedUsers' | 'plannedRate' | 'stages'> {
    const { started, isRunning } = this.run;
    if (!started || !isRunning) return { plannedUsers: 0, placedUsers: 0, stages: [] };
    const { runMs } = started.clock;
    const plannedUsers = started.dispatch.plannedUsers(runMs);
    const plannedRate = started.plannedRateAt(started.clock.elapsedMs);
    return {
      plannedUsers,
      placedUsers: started.dispatch.placedUsers(runMs),
      ...(plannedRate !== undefined && { plannedRate }),
      stages: stagesAt(started.load, runMs).map(({ types, ...stage }) => ({
        ...stage,
        userTypes: types.map((type) => started.plan.userTypes[type]!.name),
      })),
    };
  }

  /** The place of a run that waits in the queue, and why it waits. */
  private get place(): { readonly position: number; readonly why: string } | undefined {
    const { id, cluster, machine } = this.run;
    if (machine.state !== 'queued') return undefined;
    const { waiting } = cluster;
    const index = waiting.findIndex(({ runId }) => runId === id);
    return index < 0 ? undefined : { position: index + 1, why: waiting[index]!.why };
  }

  /** What a run that makes no progress waits for; undefined if it does not wait. */
  waitingFor(): string | undefined {
    const { machine, participants, gathering, started } = this.run;
    switch (machine.state) {
      case 'created':
        return 'the scenario to load';
      case 'queued':
        return this.place?.why ?? 'workers';
      case 'gathering':
        return `workers: ${participants.ready.length} of ${gathering.expected} are ready`;
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
