import { DrumlineError, type RateChange, type UsersChange } from '@drumline/model';
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
} from '@drumline/wire';
import type { EventPlace } from '../../packages/master/src/service/event-place.js';
import { missedEvents } from '../../packages/master/src/service/missed-events.js';
import { listResults } from '../../packages/master/src/service/listed-series.js';
import { logEvent, RunLog } from '../../packages/master/src/service/run-log.js';
import { RunSeries } from '../../packages/master/src/service/run-series.js';
import { resultMoment } from '../../packages/master/src/service/series-rows.js';
import { SeriesPages } from '../../packages/master/src/service/series-pages.js';
import type { ControlPlane, LiveRun } from '../../packages/master/src/service/control-plane.js';
import { SingleRun } from '../../packages/master/src/service/single-run.js';
import { startApi, type ApiAccess, type ApiAddress } from '../../packages/master/src/api/rest/server.js';
import { sampleResult } from './sample-result.js';

const latencyMs = { min: 0.2, mean: 1, p50: 1, p90: 2, p95: 3, p99: 4, p99_9: 5, max: 6 };
const totals = {
  requests: 9,
  failures: 1,
  interrupted: 0,
  rate: 4.5,
  bytesSent: 90,
  bytesReceived: 900,
  latencyMs,
  phasesMs: { queued: 0, connect: 0.1, send: 0.02, wait: 0.8, receive: 0.05 },
};
export const point = {
  at: '2026-01-01T00:00:01.000Z',
  users: 3,
  requests: 5,
  failures: 0,
  p50Ms: 1,
  p95Ms: 2,
  p99Ms: 3,
};

function of(user: string | undefined): string {
  return user === undefined ? '' : ` of ${user}`;
}

/** A cluster without workers. */
export const NO_CLUSTER = { registry: { members: [] }, drain: () => {} };

/** A run that started two seconds ago and records the orders it receives. */
export class FakeRun implements LiveRun {
  orders: string[] = [];
  listeners = new Set<(event: RunEventView) => void>();

  readonly id = 'r1-of-tests';
  readonly log = new RunLog();
  private readonly remarks: AnnotationView[] = [];
  private readonly pages = new SeriesPages();
  private readonly runSeries = new RunSeries(this.pages, {
    list: () => listResults(sampleResult().series),
    moment: () => resultMoment(sampleResult()),
  });

  view(): RunView {
    return {
      runId: this.id,
      scenario: 'shop',
      scenarioPath: 'shop.ts',
      labels: { branch: 'main' },
      state: 'running',
      workersWanted: 'all',
      submittedAt: '2026-01-01T00:00:00.000Z',
      startedAt: '2026-01-01T00:00:01.000Z',
    };
  }
  status(): StatusView {
    return {
      runId: this.id,
      scenario: 'shop',
      state: 'running',
      paused: false,
      elapsedMs: 2_000,
      plannedMs: null,
      users: 3,
      plannedUsers: 3,
      placedUsers: 3,
      cutOffUsers: 0,
      quantilesEverySeconds: 1,
      workers: { connected: 1, expected: 1, missing: 0 },
      busiestLanePercent: 2.5,
      address: 'tcp://127.0.0.1:5557',
      badFrames: 0,
      refusedWorkers: 0,
      refusals: {},
      stages: [],
      failed: { requests: 1, checks: 0, exceptions: 0 },
      notes: [{ code: 'paused', message: 'Paused for a second.' }],
    };
  }
  workers() {
    return [];
  }
  workerHistories(): WorkerHistoriesView {
    return { total: 0, workers: [] };
  }
  stats(): StatsView {
    const { connections = [] } = sampleResult();
    const lists = {
      series: [],
      errors: [],
      checks: [],
      metrics: [],
      exceptions: [],
      connections,
      schedule: [],
    };
    return { elapsedMs: 2_000, totals, current: point, ...lists };
  }
  totals(): TotalsResult {
    return totals;
  }
  seconds(fromSecond: number): TimelineView {
    return { fromSecond, stepSeconds: 1, points: [point], annotations: this.remarks };
  }
  timeline({ from = 0, points }: TimelineQuery): TimelineView {
    return { ...this.seconds(from), stepSeconds: points === undefined ? 1 : 60 };
  }
  series(query: SeriesQuery): SeriesPage {
    return this.runSeries.page(query);
  }
  seriesTimeline({ filter = '' }: SeriesTimelineQuery): SeriesTimelineView {
    const { total, series } = this.pages.page(listResults(sampleResult().series), { filter });
    const timed = { second: 0, seconds: 1, requests: 9, failures: 1, p50Ms: 1, p95Ms: 3, p99Ms: 4 };
    const distribution = [{ fromMs: 1, toMs: 1.122, count: 9 }];
    return {
      total,
      timelines: series.map((one) => ({ series: one, knownFrom: 0, points: [timed], distribution })),
    };
  }
  metrics(): MetricsView {
    const { checks, metrics, connections } = this.stats();
    return { checks, metrics, connections };
  }
  errors(): ErrorsView {
    return { errors: sampleResult().errors, exceptions: [] };
  }
  logs(query: LogQuery): LogsView {
    return this.log.view(query);
  }
  annotations(): AnnotationView[] {
    return this.remarks;
  }
  annotate({ text, at = point.at }: AnnotationOrder): AnnotationView {
    this.remarks.push({ at, text });
    return { at, text };
  }
  subscribeLogs(listener: (line: LogLine) => void): () => void {
    return this.log.subscribe(listener);
  }
  result(): RunResult {
    return sampleResult();
  }
  start(): string {
    throw new DrumlineError('request-invalid', 'the run has started already', 'Nothing needs to be done.');
  }
  stop = () => this.#note('stop');
  cancel = () => this.#note('cancel');
  pause = () => this.#note('pause');
  resume = () => this.#note('resume');
  reset = () => this.#note('reset');
  setUsers({ users, perSecond, user }: UsersChange): string {
    return this.#note(`users ${users} at ${perSecond ?? 'once'}${of(user)}`);
  }
  setRate({ perSecond, overMs, user }: RateChange): string {
    return this.#note(`rate ${perSecond} over ${overMs}${of(user)}`);
  }
  lastEventId(): string {
    return `2.${this.log.newestEvent}`;
  }
  missedAfter(place: EventPlace): RunEventView[] {
    const { interval: number, event = Infinity } = place;
    const seconds = [1, 2].filter((one) => one > number);
    const intervals = seconds.map((one) => {
      return { type: 'interval' as const, number: one, point, status: this.status() };
    });
    const corrections = number === 2 ? [{ type: 'correction' as const, number: 1, point }] : [];
    return missedEvents(place, { corrections, intervals, lines: this.log.eventsAfter(event) });
  }
  subscribe(listener: (event: RunEventView) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  emit(event: RunEventView): void {
    logEvent(this.log, event, 2);
    const eventId = this.lastEventId();
    for (const listener of this.listeners) listener({ ...event, eventId });
  }
  #note(order: string): string {
    this.orders.push(order);
    return `${order}: done`;
  }
}

/** The real control API with a fake run: `await using api = await serveApi()`. */
export async function serveApi({
  run = new FakeRun(),
  address = {},
  access = {},
  plane = new SingleRun(run, NO_CLUSTER, true),
}: { run?: FakeRun; plane?: ControlPlane; address?: Partial<ApiAddress>; access?: Partial<ApiAccess> } = {}) {
  const refused: [kind: string, why: string][] = [];
  const refuse = (kind: string, why: string): void => void refused.push([kind, why]);
  const api = await startApi({ host: '127.0.0.1', port: 0, orAnyPort: false, ...address }, plane, {
    token: null,
    refuse,
    ...access,
  });
  return {
    run,
    api,
    url: api.url,
    port: Number(new URL(api.url).port),
    refused,
    [Symbol.asyncDispose]: () => api.close(),
  };
}
