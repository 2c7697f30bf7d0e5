import type { Artifact, RateChange, UsersChange } from '@drumline/model';
import type {
  AnnotationOrder,
  AnnotationView,
  ClusterWorkerView,
  CompareQuery,
  ComparisonView,
  ErrorsView,
  HealthView,
  LogLine,
  LogQuery,
  LogsView,
  MetricsView,
  RunEventView,
  RunResult,
  RunsPage,
  RunsQuery,
  RunView,
  ScenarioStart,
  ScenariosView,
  ScenarioUpload,
  ScenarioView,
  SeriesPage,
  SeriesQuery,
  SeriesTimelineQuery,
  SeriesTimelineView,
  StatsView,
  StatusView,
  Submission,
  TimelineQuery,
  TimelineView,
  TotalsResult,
  WorkerHistoriesView,
  WorkerHistoryQuery,
  WorkerView,
} from '@drumline/wire';
import type { ClosedFile } from '../store/closed-file.js';
import type { EventPlace } from './event-place.js';

/** The master as programs see and order it. REST and gRPC depend on nothing else. */
export interface ControlPlane {
  health(): HealthView;
  /** Every worker of the cluster, with the run that has it. */
  workers(): ClusterWorkerView[];
  /** The runs, the newest first. */
  runs(query?: RunsQuery): Awaitable<RunsPage>;
  /**
   * The run that a request names: its id, the unique beginning of one, or `current`.
   * @throws RequestError `run-unknown`, `run-ambiguous`
   */
  run(id: string): RunPlane;
  /**
   * Puts a run into the queue. It is on the disk when this resolves.
   * @param idempotencyKey submissions with the same key create one run
   * @throws RequestError `request-invalid` if the master has only one run; `artifacts-missing`,
   * `queue-full`, `argument-invalid`
   */
  submit(submission: Submission, idempotencyKey?: string): Promise<RunView>;
  /**
   * Orders a worker to leave: its users move to other workers, and its process ends.
   * @param worker its name or id
   * @returns one sentence
   * @throws RequestError `worker-unknown`
   */
  drain(worker: string): string;
  /**
   * Deletes a run that has ended, with its result and files.
   * @param id the id of the run, or the unique beginning of one
   * @returns one sentence
   * @throws RequestError `run-unknown`, `run-ambiguous`; `request-invalid` if the run has not ended
   */
  delete(id: string): Promise<string>;
  /**
   * Opens the run file of a run that has ended. Waits while the master closes it. The caller closes
   * its handle.
   * @throws RequestError `run-unknown`, `run-ambiguous`, `run-unfinished`, `run-file-missing`
   */
  runFile(id: string): Awaitable<ClosedFile>;
  /** @throws RequestError `request-invalid` if the master has only one run */
  readonly uploads: ArtifactUploads;
  /**
   * Compares two runs that have ended, as `drumline compare` does.
   * @throws RequestError `run-unknown`, `run-ambiguous`, `run-unfinished`, `overloaded`;
   * `request-invalid` if a run has no result
   */
  compare(query: CompareQuery): Promise<ComparisonView>;
  /** @throws RequestError `request-invalid` if the master has only one run */
  readonly scenarios: StartableScenarios;
  /**
   * Lets a service end that executes one run: what clients want of it was fetched.
   * @returns one sentence
   * @throws RequestError `run-unfinished`; `request-invalid` if the master is not such a service
   */
  finish(): string;
}

/** Scenarios that the master plans, bundles and submits to itself. */
export interface StartableScenarios {
  list(): Promise<ScenariosView>;
  /** What a scenario of the directory declares. @throws RequestError `scenario-unknown` */
  describe(path: string): Promise<ScenarioView>;
  /** What an uploaded scenario declares. @throws DrumlineError `scenario-invalid` */
  inspect(upload: ScenarioUpload): Promise<ScenarioView>;
  /**
   * Puts a run of a scenario into the queue.
   * @throws ProblemsError with every problem; RequestError `scenario-unknown`, and as `submit`
   */
  start(start: ScenarioStart, idempotencyKey?: string): Promise<RunView>;
}

/** Uploads of the files of runs, by the SHA-256 of their bytes. */
export interface ArtifactUploads {
  /** The artifacts that are not complete here. */
  missing(ids: readonly string[]): Promise<string[]>;
  /** How many bytes of an artifact are here: all of them if it is complete. */
  uploadedBytes(id: string): Promise<number>;
  /**
   * Appends bytes to an artifact. It is complete when it has its size.
   * @returns how many bytes of it are here
   * @throws RequestError `upload-offset`, `upload-damaged`
   */
  append(artifact: Artifact, offset: number, bytes: AsyncIterable<Uint8Array>): Promise<number>;
}

/** A run as programs see and order it. Runs that have ended are read from their files. */
export interface RunPlane {
  readonly id: string;
  view(): RunView;
  status(): Awaitable<StatusView>;
  workers(): Awaitable<WorkerView[]>;
  /** The workers over the time of the run. */
  workerHistories(query: WorkerHistoryQuery): Awaitable<WorkerHistoriesView>;
  stats(): Awaitable<StatsView>;
  /** Of all series together. Much cheaper than `stats`. */
  totals(): Awaitable<TotalsResult>;
  /** The series, in pages. @throws RequestError `argument-invalid` */
  series(query: SeriesQuery): Awaitable<SeriesPage>;
  /** Series over the time of the run. @throws RequestError `argument-invalid` */
  seriesTimeline(query: SeriesTimelineQuery): Awaitable<SeriesTimelineView>;
  timeline(query: TimelineQuery): Awaitable<TimelineView>;
  /** Checks, metrics and opened connections. Much cheaper than `stats`. */
  metrics(): Awaitable<MetricsView>;
  /** Much cheaper than `stats`. */
  errors(): Awaitable<ErrorsView>;
  /** What the run printed and noted. */
  logs(query: LogQuery): Awaitable<LogsView>;
  annotations(): Awaitable<AnnotationView[]>;
  /** @throws RequestError `run-unfinished` while the run has not ended */
  result(): Awaitable<RunResult>;
  /**
   * Orders return one sentence. They throw a DrumlineError `request-invalid` if the state of the
   * run does not allow them.
   */
  start(): string;
  stop(): string;
  /** Ends the run at once: one that has not started never starts, another one is cut off. */
  cancel(): string;
  setUsers(change: UsersChange): string;
  setRate(change: RateChange): string;
  pause(): string;
  resume(): string;
  reset(): string;
  /** Adds a remark at an instant. It is on the disk when this resolves. */
  annotate(order: AnnotationOrder): Awaitable<AnnotationView>;
  /** The id of the newest event; undefined if the run has ended. */
  lastEventId(): string | undefined;
  /**
   * What a reader has missed whose last event is at this place. First the corrections of intervals
   * that it has, then what has happened since. All of it has ids.
   */
  missedAfter(place: EventPlace): Awaitable<RunEventView[]>;
  /** @returns a function that ends the subscription */
  subscribe(listener: (event: RunEventView) => void): () => void;
  /** Follows the lines that `logs` returns. @returns a function that ends the subscription */
  subscribeLogs(listener: (line: LogLine) => void): () => void;
}

/** A run in this process, whose figures are in memory. */
export interface LiveRun extends RunPlane {
  status(): StatusView;
  workers(): WorkerView[];
  stats(): StatsView;
  metrics(): MetricsView;
  /** The timeline with a point for each second. */
  seconds(fromSecond: number): TimelineView;
  result(): RunResult;
  missedAfter(place: EventPlace): RunEventView[];
}

type Awaitable<T> = T | Promise<T>;
