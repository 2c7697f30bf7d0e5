import { MAX_RUN_MS, MAX_USERS } from '@drumline/model';
import Type from '#typebox';
import {
  noteResult,
  errorResult,
  checkResult,
  metricResult,
  exceptionResult,
  connectionResult,
} from './result.js';
import { timelinePoint } from './timeline-result.js';
import { seriesResult, totalsResult } from './result-requests.js';
import { scheduleResult } from './workload-result.js';
import { thresholdUnit } from './verdict-result.js';
import type {
  AccessView,
  ApiProblem,
  ClusterWorkerView,
  HealthView,
  MessageReply,
  OrderReply,
  RateOrder,
  RunsPage,
  StatsView,
  StatusView,
  TimelineView,
  UsersOrder,
  WorkerView,
} from './views/api.js';
import { annotationView } from './annotation.js';
import { outputView } from './output.js';
import { problemView } from './scenarios.js';
import type { Same } from './views/same.js';

const count = Type.Integer({ minimum: 0 });
const amount = Type.Number({ minimum: 0 });

/** `GET /v1/health` */
export const healthView = Type.Object({
  version: Type.String(),
  mode: Type.Union([Type.Literal('run'), Type.Literal('serve')]),
  uptimeMs: amount,
  workers: count,
  runs: Type.Object({ running: count, queued: count }),
});

/** `GET /v1/access` */
export const accessView = Type.Object({
  role: Type.Union([Type.Literal('view'), Type.Literal('run'), Type.Literal('admin')]),
});

/** `GET /v1/runs/{id}` */
export const runView = Type.Object({
  runId: Type.String(),
  /** Its own name, or that of its file. */
  scenario: Type.String(),
  /** The scenario's file, as it was submitted. */
  scenarioPath: Type.String(),
  labels: Type.Record(Type.String(), Type.String()),
  state: Type.String(),
  /** Place in the queue, from 1. */
  position: Type.Optional(Type.Integer({ minimum: 1 })),
  waitingFor: Type.Optional(Type.String()),
  workersWanted: Type.Union([count, Type.Literal('all')]),
  submittedAt: Type.String(),
  startedAt: Type.Optional(Type.String()),
  endedAt: Type.Optional(Type.String()),
  verdict: Type.Optional(Type.String()),
  exitCode: Type.Optional(count),
  target: Type.Optional(Type.String()),
  /** Once it has ended with a result. */
  figures: Type.Optional(
    Type.Object({
      requests: count,
      failures: count,
      perSecond: amount,
      p50Ms: amount,
      p95Ms: amount,
      p99Ms: amount,
    }),
  ),
});

/** `GET /v1/runs` */
export const runsPage = Type.Object({ runs: Type.Array(runView), next: Type.Optional(Type.String()) });

/** `GET /v1/runs/{id}/status` */
export const statusView = Type.Object({
  runId: Type.String(),
  scenario: Type.String(),
  target: Type.Optional(Type.String()),
  parameters: Type.Optional(
    Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
  ),
  state: Type.String(),
  paused: Type.Boolean(),
  /** Run time in milliseconds, including pauses. */
  elapsedMs: amount,
  /** Planned length in milliseconds; null if the run lasts until it is stopped. */
  plannedMs: Type.Union([amount, Type.Null()]),
  users: count,
  plannedUsers: count,
  /** Planned users that are placed on reachable workers. */
  placedUsers: count,
  /** Users that unreachable workers may still be running, in addition to the placed users. */
  cutOffUsers: count,
  workers: Type.Object({ connected: count, expected: count, missing: count }),
  /** The highest `busyPercent` of all lanes at present: near 100 the generator is the limit. */
  busiestLanePercent: amount,
  address: Type.String(),
  badFrames: count,
  refusedWorkers: count,
  /** What the worker port refused, by kind. Kinds that did not occur are absent. */
  refusals: Type.Record(Type.String(), count),
  /** Starts per second that the load asks for; absent if no part of it has a rate. */
  plannedRate: Type.Optional(amount),
  /** The current stage of each part of the load. */
  stages: Type.Array(
    Type.Object({
      /** Empty if the load has no phases. */
      phase: Type.String(),
      /** Names of its user types. */
      userTypes: Type.Array(Type.String()),
      kind: Type.Union([
        Type.Literal('users'),
        Type.Literal('arrivals'),
        Type.Literal('iterations'),
        Type.Literal('fixed'),
      ]),
      number: Type.Integer({ minimum: 1 }),
      stages: count,
      /** Users, starts per second, or iterations in total. */
      from: amount,
      to: amount,
      elapsedMs: amount,
      durationMs: Type.Union([amount, Type.Null()]),
    }),
  ),
  /** Path of the HTML report on the master’s machine. */
  report: Type.Optional(Type.String()),
  /** How often quantiles of single series are updated, in seconds: more than 1 under load. */
  quantilesEverySeconds: count,
  /** Failures so far. */
  failed: Type.Object({
    requests: count,
    checks: count,
    exceptions: count,
    /** The latest exception of the scenario’s code. */
    newestException: Type.Optional(
      Type.Object({
        user: Type.String(),
        task: Type.String(),
        message: Type.String(),
        place: Type.Optional(Type.String()),
        at: Type.String(),
      }),
    ),
  }),
  /** How the thresholds stand; absent if the plan has none. */
  thresholds: Type.Optional(
    Type.Array(
      Type.Object({
        expression: Type.String(),
        of: Type.String(),
        unit: thresholdUnit,
        observed: Type.Union([Type.Number(), Type.Null()]),
        limit: Type.Number(),
        broken: Type.Boolean(),
        brokenForMs: amount,
      }),
    ),
  ),
  /** The step of a search for a limit; absent with another load. */
  limit: Type.Optional(
    Type.Object({
      step: Type.Integer({ minimum: 1 }),
      perSecond: Type.Union([amount, Type.Null()]),
      passedPerSecond: Type.Union([amount, Type.Null()]),
    }),
  ),
  /** Where its seconds are written while it runs; absent if nowhere. */
  outputs: Type.Optional(Type.Array(outputView)),
  /** What the run is waiting for. */
  waitingFor: Type.Optional(Type.String()),
  notes: Type.Array(noteResult),
});

const workerFields = {
  id: Type.String(),
  name: Type.String(),
  host: Type.String(),
  pid: count,
  version: Type.String(),
  state: Type.String(),
  /** Milliseconds since its last message. */
  silentMs: amount,
  users: count,
  requests: count,
  cpuPercent: amount,
  memoryBytes: amount,
  loopDelayMs: amount,
  lanes: Type.Array(
    Type.Object({
      lane: count,
      /** Lane group; `default` if no user type names one. */
      group: Type.String(),
      state: Type.String(),
      users: count,
      cpuPercent: amount,
      /** Share of time in which its event loop was not idle. */
      busyPercent: amount,
      memoryBytes: amount,
      loopDelayMs: amount,
      stalledMs: amount,
    }),
  ),
};
const workerView = Type.Object(workerFields);
/** `GET /v1/runs/{id}/workers` */
export const workersView = Type.Object({ workers: Type.Array(workerView) });
/** `GET /v1/workers` */
export const clusterWorkersView = Type.Object({
  workers: Type.Array(Type.Object({ ...workerFields, runId: Type.Union([Type.String(), Type.Null()]) })),
});

/** `GET /v1/runs/{id}/stats` */
export const statsView = Type.Object({
  elapsedMs: amount,
  totals: totalsResult,
  /** The last complete second. */
  current: timelinePoint,
  series: Type.Array(seriesResult),
  errors: Type.Array(errorResult),
  checks: Type.Array(checkResult),
  metrics: Type.Array(metricResult),
  /** Exceptions of the scenario’s code. */
  exceptions: Type.Array(exceptionResult),
  /** Opened connections by kind. */
  connections: Type.Array(connectionResult),
  /** Arrivals and iterations by user type and phase; empty if the load has none. */
  schedule: Type.Array(scheduleResult),
});

/** `GET /v1/runs/{id}/timeline` */
export const timelineView = Type.Object({
  fromSecond: count,
  stepSeconds: Type.Integer({ minimum: 1 }),
  points: Type.Array(timelinePoint),
  annotations: Type.Array(annotationView),
});

/** `POST /v1/runs/{id}/users` */
export const usersOrder = Type.Object(
  {
    users: count,
    spawnRate: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    user: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);

/** `POST /v1/runs/{id}/rate` */
export const rateOrder = Type.Object(
  {
    perSecond: Type.Number({ minimum: 0, maximum: MAX_USERS }),
    overMs: Type.Optional(Type.Number({ minimum: 0, maximum: MAX_RUN_MS })),
    user: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);

/** Response to every command. */
export const orderReply = Type.Object({ state: Type.String(), message: Type.String() });
/** Response to operations on the cluster and its list of runs. */
export const messageReply = Type.Object({ message: Type.String() });
export const apiProblem = Type.Object({
  error: Type.String(),
  code: Type.String(),
  hint: Type.Optional(Type.String()),
  problems: Type.Optional(Type.Array(problemView)),
});

true satisfies Same<Type.Static<typeof healthView>, HealthView>;
true satisfies Same<Type.Static<typeof accessView>, AccessView>;
true satisfies Same<Type.Static<typeof runsPage>, RunsPage>;
true satisfies Same<Type.Static<typeof clusterWorkersView>, { workers: ClusterWorkerView[] }>;
true satisfies Same<Type.Static<typeof statusView>, StatusView>;
true satisfies Same<Type.Static<typeof workerView>, WorkerView>;
true satisfies Same<Type.Static<typeof statsView>, StatsView>;
true satisfies Same<Type.Static<typeof timelineView>, TimelineView>;
true satisfies Same<Type.Static<typeof usersOrder>, UsersOrder>;
true satisfies Same<Type.Static<typeof rateOrder>, RateOrder>;
true satisfies Same<Type.Static<typeof orderReply>, OrderReply>;
true satisfies Same<Type.Static<typeof messageReply>, MessageReply>;
true satisfies Same<Type.Static<typeof apiProblem>, ApiProblem>;
