import { RequestError } from '@drumline/model';
import type {
  AnnotationView,
  ErrorsView,
  IntervalView,
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
import type { RunPlane } from './control-plane.js';
import { endedTimeline } from './ended-timeline.js';
import type { EventPlace } from './event-place.js';
import { listResults } from './listed-series.js';
import type { LogFiles } from './log-file.js';
import { missedEvents } from './missed-events.js';
import type { PastResults } from './past-results.js';
import { readPastHistories, readPastWorkers } from './past-workers.js';
import { RunSeries } from './run-series.js';
import { resultMoment } from './series-rows.js';
import { endedSeriesTimeline } from './series-timelines.js';
import { SeriesPages } from './series-pages.js';
import type { RegisteredRun } from './run-register.js';

/** The lists of all readers of ended runs. */
const PAGES = new SeriesPages();
/** The series of each result while it is kept. */
const SERIES = new WeakMap<RunResult, RunSeries>();

/** A run that has ended, as programs see it. Its figures are read from its file. */
export class EndedRun implements RunPlane {
  constructor(
    private readonly registered: RegisteredRun,
    /** Its run file; undefined if it never began. */
    private readonly path: string | undefined,
    private readonly results: PastResults,
    private readonly logFiles: LogFiles,
  ) {}

  get id(): string {
    return this.registered.runId;
  }

  view(): RunView {
    return endedView(this.registered);
  }

  async status(): Promise<StatusView> {
    const result = await this.found();
    const { runId, scenario, end } = this.registered;
    const { target } = result?.run ?? {};
    return {
      runId,
      scenario,
      ...(target !== undefined && { target }),
      state: end?.state ?? 'unfinished',
      paused: false,
      elapsedMs: result?.run.durationMs ?? 0,
      plannedMs: null,
      users: 0,
      plannedUsers: 0,
      placedUsers: 0,
      cutOffUsers: 0,
      workers: { connected: 0, expected: 0, missing: 0 },
      busiestLanePercent: 0,
      address: '',
      badFrames: 0,
      refusedWorkers: 0,
      refusals: {},
      stages: [],
      quantilesEverySeconds: 1,
      failed: failedOf(result),
      ...(result?.outputs && { outputs: result.outputs }),
      notes: result?.notes ?? [],
    };
  }

  async workers(): Promise<WorkerView[]> {
    return this.path === undefined ? [] : await readPastWorkers(this.path);
  }

  async workerHistories(query: WorkerHistoryQuery): Promise<WorkerHistoriesView> {
    return this.path === undefined ? { total: 0, workers: [] } : await readPastHistories(this.path, query);
  }

  async stats(): Promise<StatsView> {
    const {
      run,
      totals,
      timeline,
      series,
      errors,
      checks,
      metrics,
      exceptions,
      connections = [],
      schedule = [],
    } = await this.result();
    return {
      elapsedMs: run.durationMs,
      totals,
      current: timeline.at(-1)!,
      series,
      errors,
      checks,
      metrics,
      exceptions,
      connections,
      schedule,
    };
  }

  async totals(): Promise<TotalsResult> {
    return (await this.result()).totals;
  }

  async metrics(): Promise<MetricsView> {
    const { checks, metrics, connections = [] } = await this.result();
    return { checks, metrics, connections };
  }

  async series(query: SeriesQuery): Promise<SeriesPage> {
    return seriesOf(await this.result()).page(query);
  }

  async seriesTimeline(query: SeriesTimelineQuery): Promise<SeriesTimelineView> {
    return await endedSeriesTimeline(await this.result(), this.path!, query);
  }

  async errors(): Promise<ErrorsView> {
    const { errors, exceptions } = await this.result();
    return { errors, exceptions };
  }

  async timeline(query: TimelineQuery): Promise<TimelineView> {
    return await endedTimeline(await this.result(), this.path!, query);
  }

  logs(query: LogQuery): Promise<LogsView> {
    return this.logFiles.read(this.id, query);
  }

  async annotations(): Promise<AnnotationView[]> {
    return (await this.found())?.annotations ?? [];
  }

  async result(): Promise<RunResult> {
    const result = await this.found();
    if (result) return result;
    const { end } = this.registered;
    throw new RequestError(
      'request-invalid',
      `The run has no result: ${end?.problem ?? 'it did not begin.'}`,
      'Submit it again with `drumline submit`.',
    );
  }

  lastEventId(): undefined {
    return undefined;
  }

  async missedAfter(place: EventPlace): Promise<RunEventView[]> {
    const { interval, event = Infinity } = place;
    const status = await this.status();
    const points = (await this.found())?.timeline.slice(interval) ?? [];
    const intervals = points.map((point, index): IntervalView => {
      return { type: 'interval', number: interval + index + 1, point, status };
    });
    const lines = (await this.logFiles.lines(this.id)).filter(({ number }) => number > event);
    return missedEvents(place, { corrections: [], intervals, lines });
  }

  subscribe(): () => void {
    return () => {};
  }

  subscribeLogs(): () => void {
    return () => {};
  }

  start = (): never => this.refuse('started');
  stop = (): never => this.refuse('stopped');
  cancel = (): never => this.refuse('canceled');
  setUsers = (): never => this.refuse('given another number of users');
  setRate = (): never => this.refuse('given another rate');
  pause = (): never => this.refuse('paused');
  resume = (): never => this.refuse('resumed');
  reset = (): never => this.refuse('reset');
  annotate = (): never => this.refuse('annotated');

  private async found(): Promise<RunResult | undefined> {
    return this.path === undefined ? undefined : await this.results.read(this.path);
  }

  private refuse(what: string): never {
    const state = this.registered.end?.state ?? 'unfinished';
    throw new RequestError(
      'request-invalid',
      `A run that is ${state} cannot be ${what}.`,
      'See `drumline status`.',
    );
  }
}

function seriesOf(result: RunResult): RunSeries {
  const known = SERIES.get(result);
  if (known) return known;
  const moment = resultMoment(result);
  const series = new RunSeries(PAGES, { list: () => listResults(result.series), moment: () => moment });
  SERIES.set(result, series);
  return series;
}

export function endedView({
  runId,
  scenario,
  scenarioPath,
  labels,
  workersWanted,
  submittedAt,
  end,
}: RegisteredRun): RunView {
  return {
    runId,
    scenario,
    scenarioPath,
    labels: { ...labels },
    state: end?.state ?? 'unfinished',
    workersWanted,
    submittedAt,
    ...(end && {
      ...(end.startedAt !== undefined && { startedAt: end.startedAt }),
      endedAt: end.endedAt,
      ...(end.verdict !== undefined && { verdict: end.verdict }),
      exitCode: end.exitCode,
      ...(end.target !== undefined && { target: end.target }),
      ...(end.figures && { figures: { ...end.figures } }),
    }),
  };
}

function failedOf(result: RunResult | undefined): StatusView['failed'] {
  if (!result) return { requests: 0, checks: 0, exceptions: 0 };
  const { totals, checks, exceptions } = result;
  return {
    requests: totals.failures,
    checks: checks.reduce((sum, { fails }) => sum + fails, 0),
    exceptions: exceptions.reduce((sum, { occurrences }) => sum + occurrences, 0),
  };
}
