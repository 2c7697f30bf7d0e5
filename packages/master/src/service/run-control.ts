import { DrumlineError, workloadDurationMs, type RateChange, type UsersChange } from '@drumline/model';
import type { IntervalEvent } from '@drumline/stats';
import type {
  AnnotationOrder,
  AnnotationView,
  ErrorsView,
  LogLine,
  LogQuery,
  LogsView,
  MetricsView,
  RunEventView,
  RunResult,
  RunView,
  SeriesPage,
  SeriesQuery,
  SeriesTimelineQuery,
  SeriesTimelineView,
  StatsView,
  StatusView,
  TimelineQuery,
  TimelineView,
  TotalsResult,
  WorkerHistoriesView,
  WorkerHistoryQuery,
  WorkerView,
} from '@drumline/wire';
import { LoadOrders } from '../run/load-orders.js';
import type { Run } from '../run/run.js';
import type { StartedRun } from '../run/started-run.js';
import type { LiveRun } from './control-plane.js';
import { changesPoint, Corrections } from './corrections.js';
import { EventFeed } from './event-feed.js';
import type { EventPlace } from './event-place.js';
import { missedEvents } from './missed-events.js';
import { RunLog } from './run-log.js';
import { RunSeries } from './run-series.js';
import { RunViews } from './run-views.js';
import { SeriesTimelines } from './series-timelines.js';
import { SeriesPages } from './series-pages.js';
import { workerHistoriesView } from './worker-histories.js';

/** The parts of a run that orders change. */
type OrderedRun = Pick<
  Run,
  | 'id'
  | 'machine'
  | 'started'
  | 'isRunning'
  | 'start'
  | 'stop'
  | 'abort'
  | 'participants'
  | 'notes'
  | 'annotations'
  | 'writer'
  | 'warnings'
  | 'intervals'
  | 'events'
>;

/** Implements the orders and views of the control API on a run. */
export class RunControl implements LiveRun {
  private readonly orders: LoadOrders;
  private readonly views: RunViews;
  private readonly run: OrderedRun;
  private readonly corrections = new Corrections();
  private readonly runSeries: RunSeries;
  private readonly seriesTimelines: SeriesTimelines;
  private readonly feed: EventFeed;

  /** @param log what the run prints; its notes and events are added */
  constructor(
    run: Run,
    private readonly log = new RunLog(),
  ) {
    const { notes, warnings, intervals, events } = run;
    this.run = run;
    const views = new RunViews(run);
    this.views = views;
    this.runSeries = new RunSeries(new SeriesPages(), {
      list: () => views.series,
      moment: () => views.seriesMoment,
    });
    this.orders = new LoadOrders({ notes, warnings, intervals, events });
    // A report of a worker that was cut off corrects all its seconds at once, so no limit.
    intervals.stream.subscribe('the control API', (event) => this.publish(event), Infinity);
    this.seriesTimelines = new SeriesTimelines(run);
    this.feed = new EventFeed(events, log, () => intervals.closedBefore);
  }

  get id(): string {
    return this.run.id;
  }

  view(): RunView {
    return this.views.view();
  }

  status(): StatusView {
    return this.views.status();
  }

  workers(): WorkerView[] {
    return this.views.workers();
  }

  workerHistories(query: WorkerHistoryQuery): WorkerHistoriesView {
    return workerHistoriesView(this.run.participants.all, query);
  }

  stats(): StatsView {
    return this.views.stats();
  }

  totals(): TotalsResult {
    return this.views.totals();
  }

  series(query: SeriesQuery): SeriesPage {
    return this.runSeries.page(query);
  }

  async seriesTimeline(query: SeriesTimelineQuery): Promise<SeriesTimelineView> {
    return await this.seriesTimelines.view(() => this.views.series, query);
  }

  seconds(fromSecond: number): TimelineView {
    return this.views.seconds(fromSecond);
  }

  timeline(query: TimelineQuery): TimelineView | Promise<TimelineView> {
    return this.views.timeline(query);
  }

  metrics(): MetricsView {
    return this.views.metrics();
  }

  errors(): ErrorsView {
    return this.views.errors();
  }

  logs(query: LogQuery): LogsView {
    return this.log.view(query);
  }

  annotations(): AnnotationView[] {
    return [...this.run.annotations.all];
  }

  result(): RunResult {
    return this.views.result();
  }

  lastEventId(): string {
    return this.feed.lastId;
  }

  missedAfter(place: EventPlace): RunEventView[] {
    const { interval, event = Infinity } = place;
    return missedEvents(place, {
      corrections: this.views.corrections(this.corrections.missedAfter(interval)),
      intervals: this.views.intervalsAfter(interval, this.feed.interval),
      lines: this.log.eventsAfter(event),
    });
  }

  start(): string {
    const { state } = this.run.machine;
    if (state === 'created' || state === 'gathering' || state === 'preparing') {
      throw new DrumlineError(
        'request-invalid',
        `The run cannot be started: it is ${state} and waits for ${this.views.waitingFor()}.`,
        'See `drumline status`.',
      );
    }
    if (this.views.shownState === 'paused')
      throw this.refusal('started', 'To continue it, use `drumline resume`.');
    this.run.start();
    return 'The run has started.';
  }

  stop(): string {
    const { state } = this.run.machine;
    if (state === 'draining') return 'The run is already stopping.';
    if (state === 'finished' || state === 'aborted' || state === 'failed') throw this.refusal('stopped');
    if (this.isEndless) this.run.stop('planned');
    else this.run.stop('requested', `The run was stopped by hand ${this.run.started?.howFar ?? ''}.`);
    return 'The run is stopping: running tasks finish, and all results are collected.';
  }

  cancel(): string {
    const { state } = this.run.machine;
    if (state === 'finished' || state === 'aborted' || state === 'failed') throw this.refusal('canceled');
    const { started } = this.run;
    if (started) this.run.abort();
    else this.run.stop('requested');
    return started
      ? 'The run was canceled: it has ended with what was counted.'
      : 'The run was canceled before it started.';
  }

  /** Whether the load goes on until it is stopped by hand. */
  private get isEndless(): boolean {
    const parts = this.run.started?.load.parts ?? [];
    return parts.some(
      ({ startMs, workload }) =>
        startMs !== null && workload.kind !== 'fixed' && workloadDurationMs(workload) === null,
    );
  }

  setUsers(change: UsersChange): string {
    return this.orders.setUsers(this.requireRunning('given another number of users'), change);
  }

  setRate(change: RateChange): string {
    return this.orders.setRate(this.requireRunning('given another rate'), change);
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

  async annotate(order: AnnotationOrder): Promise<AnnotationView> {
    const { state } = this.run.machine;
    if (state === 'finished' || state === 'aborted' || state === 'failed') throw this.refusal('annotated');
    const annotation = this.run.annotations.add(order);
    this.run.events.emit({ type: 'annotation', ...annotation });
    await this.run.writer.saved();
    return annotation;
  }

  subscribeLogs(listener: (line: LogLine) => void): () => void {
    return this.log.subscribe(listener);
  }

  subscribe(listener: (event: RunEventView) => void): () => void {
    return this.feed.subscribe(listener);
  }

  private publish(event: IntervalEvent): void {
    const { events, intervals } = this.run;
    if (event.type === 'reset') this.corrections.clear();
    else if (event.type === 'closed')
      for (const view of this.views.intervals(event.second, event.second)) events.emit(view);
    else if (changesPoint(event)) {
      this.corrections.add(event.number, intervals.closedThrough + 1);
      for (const view of this.views.corrections([event.number])) events.emit(view);
    }
  }

  private requireRunning(what: string): StartedRun {
    const { started, isRunning } = this.run;
    if (started && isRunning) return started;
    throw this.refusal(what);
  }

  private refusal(what: string, hint = 'See `drumline status`.'): DrumlineError {
    return new DrumlineError(
      'request-invalid',
      `A run that is ${this.views.shownState} cannot be ${what}.`,
      hint,
    );
  }
}
