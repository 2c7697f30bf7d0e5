// The answers of the control API as types without a library, which users of `drumline/client`
// import. The schemas in ../api.ts describe the same values: the compiler compares them.
import type { ScheduleResult } from './plan.js';
import type {
  CheckResult,
  ConnectionResult,
  ErrorResult,
  ExceptionResult,
  MetricResult,
  NoteResult,
  SeriesResult,
  TimelinePoint,
  TotalsResult,
} from './result.js';
import type { AnnotationView } from './annotation.js';
import type { OutputView } from './output.js';
import type { ProblemView } from './scenarios.js';

/** The master, without its runs. */
export interface HealthView {
  /** Of Drumline. */
  version: string;
  /** `run`: one run, then the master exits. `serve`: many runs. */
  mode: 'run' | 'serve';
  uptimeMs: number;
  /** Connected workers. */
  workers: number;
  runs: { running: number; queued: number };
}

/** What the token of a request allows. */
export interface AccessView {
  /** `view` reads, `run` also controls runs, `admin` does everything. */
  role: 'view' | 'run' | 'admin';
}

/** A run in the list of runs. */
export interface RunView {
  runId: string;
  /** Its own name, or that of its file. */
  scenario: string;
  /** Its file, as it was submitted: the path in the directory of scenarios, or the name. */
  scenarioPath: string;
  labels: Record<string, string>;
  /** `paused` for a paused run. */
  state: string;
  /** Place in the queue, from 1; absent if the run does not wait there. */
  position?: number;
  /** What the run is waiting for. */
  waitingFor?: string;
  /** How many workers it wants. */
  workersWanted: number | 'all';
  submittedAt: string;
  startedAt?: string;
  endedAt?: string;
  /** Once it has ended with a result. */
  verdict?: string;
  /** Once it has ended. */
  exitCode?: number;
  target?: string;
  /** What it measured, of all requests; once it has ended with a result. */
  figures?: RunFigures;
}

/** The figures of a run that has ended, for lists and trends. */
export interface RunFigures {
  requests: number;
  failures: number;
  /** Requests per second. */
  perSecond: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
}

/** A page of the list of runs, the newest first. */
export interface RunsPage {
  runs: RunView[];
  /** Passed as `after`, it requests the next page; absent on the last one. */
  next?: string;
}

/** Which runs to list. */
export interface RunsQuery {
  /** Only runs in one of these states; `active` has all that have not ended. */
  state?: string[];
  /** Only runs with all of these labels. */
  labels?: Record<string, string>;
  limit?: number;
  after?: string;
}

/** The state of the run. */
export interface StatusView {
  runId: string;
  scenario: string;
  target?: string;
  /** Values of the scenario's parameters. */
  parameters?: Record<string, string | number | boolean>;
  state: string;
  paused: boolean;
  /** Run time in milliseconds, including pauses. */
  elapsedMs: number;
  /** Planned length in milliseconds; null if the run lasts until it is stopped. */
  plannedMs: number | null;
  users: number;
  plannedUsers: number;
  /** Planned users that are placed on reachable workers. */
  placedUsers: number;
  /** Users that unreachable workers may still be running, in addition to the placed users. */
  cutOffUsers: number;
  workers: { connected: number; expected: number; missing: number };
  /** The highest `busyPercent` of all lanes at present: near 100 the generator is the limit. */
  busiestLanePercent: number;
  /** Where workers join: `tcp://HOST:PORT`. */
  address: string;
  badFrames: number;
  refusedWorkers: number;
  /** What the worker port refused, by kind. Kinds that did not occur are absent. */
  refusals: Record<string, number>;
  /** Starts per second that the load asks for; absent if no part of it has a rate. */
  plannedRate?: number;
  /** The current stage of each part of the load. */
  stages: StageView[];
  /** Path of the HTML report on the master's machine. */
  report?: string;
  /** How often quantiles of single series are updated, in seconds: more than 1 under load. */
  quantilesEverySeconds: number;
  /** Failures so far. */
  failed: {
    requests: number;
    checks: number;
    exceptions: number;
    /** The latest exception of the scenario's code. */
    newestException?: { user: string; task: string; message: string; place?: string; at: string };
  };
  /** How the thresholds stand; absent if the plan has none. */
  thresholds?: ThresholdView[];
  /** The step of a search for a limit; absent with another load. */
  limit?: LimitView;
  /** What the run is waiting for. */
  waitingFor?: string;
  /** Where its seconds are written while it runs; absent if nowhere. */
  outputs?: OutputView[];
  notes: NoteResult[];
}

/** How far a search for a limit is. */
export interface LimitView {
  /** Number of the current step, from 1. */
  step: number;
  /** The rate of the current step; null if the search is over. */
  perSecond: number | null;
  /** The highest rate that passed; null if none has. */
  passedPerSecond: number | null;
}

/** How a threshold stands at present. */
export interface ThresholdView {
  expression: string;
  /** What is judged, such as `POST /orders`; empty for the whole run. */
  of: string;
  unit: 'ms' | 'share' | 'count' | 'per-second' | 'value';
  /** The latest figure; null if there is none yet. */
  observed: number | null;
  limit: number;
  broken: boolean;
  /** How long it has been broken in all, in milliseconds. */
  brokenForMs: number;
}

/** The current stage of a part of the load. */
export interface StageView {
  /** Empty if the load has no phases. */
  phase: string;
  /** Names of its user types. */
  userTypes: string[];
  /** `fixed` is a fixed number of iterations. */
  kind: 'users' | 'arrivals' | 'iterations' | 'fixed';
  /** From 1. */
  number: number;
  stages: number;
  /** Users at its start; starts per second of a part with a rate; iterations of a fixed part. */
  from: number;
  to: number;
  elapsedMs: number;
  /** null if it has no planned end. */
  durationMs: number | null;
}

/** A worker and its lanes. */
export interface WorkerView {
  id: string;
  name: string;
  host: string;
  pid: number;
  version: string;
  state: string;
  /** Milliseconds since its last message. */
  silentMs: number;
  users: number;
  requests: number;
  cpuPercent: number;
  memoryBytes: number;
  loopDelayMs: number;
  lanes: {
    lane: number;
    /** Lane group; `default` if no user type names one. */
    group: string;
    state: string;
    users: number;
    cpuPercent: number;
    /** Share of time in which its event loop was not idle. */
    busyPercent: number;
    memoryBytes: number;
    loopDelayMs: number;
    stalledMs: number;
  }[];
}

/** A worker of the cluster. */
export interface ClusterWorkerView extends WorkerView {
  /** The run that has it; null if it is idle. */
  runId: string | null;
}

/** The statistics so far. */
export interface StatsView {
  elapsedMs: number;
  totals: TotalsResult;
  /** The last complete second. */
  current: TimelinePoint;
  series: SeriesResult[];
  errors: ErrorResult[];
  checks: CheckResult[];
  metrics: MetricResult[];
  exceptions: ExceptionResult[];
  /** Opened connections by kind. */
  connections: ConnectionResult[];
  /** Arrivals and iterations by user type and phase; empty if the load has none. */
  schedule: ScheduleResult[];
}

/** Which part of the timeline, and how finely. Seconds are counted from the start of the run. */
export interface TimelineQuery {
  /** The first second; default 0. */
  from?: number;
  /** The second after the last; default: up to now. */
  to?: number;
  /** The most points; seconds are merged to fit. Default: a point for each second. */
  points?: number;
}

export interface TimelineView {
  /** The second of the first point, counted from the start of the run. */
  fromSecond: number;
  /** Seconds in each point. */
  stepSeconds: number;
  points: TimelinePoint[];
  /** Remarks in this time. */
  annotations: AnnotationView[];
}

/** The load that a run is changed to. */
export interface UsersOrder {
  users: number;
  /** Users started or stopped per second, above 0; absent changes them at once. */
  spawnRate?: number;
  /** The user type whose users change; absent if only one part of the load has users. */
  user?: string;
}

/** Body of the order `rate`. */
export interface RateOrder {
  /** Arrivals or iterations per second. */
  perSecond: number;
  /** How long the change takes, milliseconds; absent for a jump. */
  overMs?: number;
  /** The user type whose rate changes; absent if only one part of the load has a rate. */
  user?: string;
}

/** Response to every order. */
export interface OrderReply {
  /** The state after the order; `paused` for a paused run. */
  state: string;
  /** What the order does, in one sentence. */
  message: string;
}

/** The answer to an operation on the cluster or its list of runs. */
export interface MessageReply {
  /** What happens, in one sentence. */
  message: string;
}

export interface ApiProblem {
  error: string;
  /** A stable word for programs; docs/reference/control-api.md lists all. */
  code: string;
  /** How to fix it. */
  hint?: string;
  /** With `scenario-invalid`: every problem with its place. */
  problems?: ProblemView[];
}
