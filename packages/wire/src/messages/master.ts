import Type from '#typebox';
import { table } from './artifacts.js';
import { load } from './load.js';
import { sharedReply, sharedWake } from './shared.js';
import { amount, bytes, count, shortText, text, userList } from './parts.js';

/**
 * The worker has joined the cluster, or the master has another run. It is resent while the worker's
 * heartbeats name another run.
 */
export const welcome = Type.Object({
  type: Type.Literal('welcome'),
  /**
   * The master's run; empty between two runs. A worker with another run drops that: the master no
   * longer accepts its reports.
   */
  runId: shortText,
  /**
   * Since when the master has had this run or none, in milliseconds on its monotonic clock. A
   * welcome that is older than the last one is late, and ignored.
   */
  sinceMs: Type.Number(),
  workerId: text,
  heartbeatMs: amount,
  /** Silence in milliseconds after which a peer is considered lost. */
  missingAfterMs: amount,
});

/** The worker is refused. It ends with the exit code for the reason. */
export const refused = Type.Object({
  type: Type.Literal('refused'),
  reason: Type.Union([
    Type.Literal('protocol'),
    Type.Literal('name'),
    Type.Literal('over'),
    Type.Literal('full'),
    Type.Literal('scenario'),
  ]),
  message: text,
  hint: text,
});

/** Each divides the last one, so that windows of response times have common ends. */
export const quantilesEvery = Type.Union([
  Type.Literal(1),
  Type.Literal(2),
  Type.Literal(5),
  Type.Literal(10),
]);

export const heartbeatReply = Type.Object({
  type: Type.Literal('heartbeatReply'),
  /** `sentAtMs` of the heartbeat. */
  echoMs: Type.Number(),
  /** The master's monotonic clock, milliseconds. */
  masterNowMs: Type.Number(),
  /** How often the worker reports the response times of each series, in seconds. Default: 1. */
  quantilesEverySeconds: Type.Optional(quantilesEvery),
  /** How long after a window it reports them, so that not all workers do so at once. Default: 0. */
  quantilesDelaySeconds: Type.Optional(count),
  /** Whether the worker is to leave, because it is drained. Repeated until it has left. */
  leave: Type.Optional(Type.Boolean()),
});

/** The parts of the plan that lanes need. The functions of the scenario are in the bundle. */
const runPlan = Type.Object({
  name: text,
  target: Type.Optional(text),
  userTypes: Type.Array(
    Type.Object({ name: text, weight: amount, fixedCount: Type.Optional(count), laneGroup: text }),
  ),
  /** They determine the lanes of a worker, see `groupsOfLanes`. */
  laneGroups: Type.Array(
    Type.Object({ name: text, users: count, lanes: Type.Optional(Type.Integer({ minimum: 1 })) }),
    { minItems: 1 },
  ),
  /** Further series are counted together. */
  maxSeries: Type.Integer({ minimum: 1 }),
  failureSamples: Type.Optional(count),
  tags: Type.Object({ include: Type.Array(text), exclude: Type.Array(text) }),
  /** Environment variables of every lane, by name. */
  environment: Type.Optional(Type.Record(Type.String(), text)),
  /** Values of the scenario's parameters, by name. */
  parameters: Type.Optional(Type.Record(Type.String(), Type.Union([text, Type.Number(), Type.Boolean()]))),
  /** Seeds random orders and numbers. */
  seed: Type.Optional(count),
  /** Tables of test data, in the order of their declarations. */
  tables: Type.Optional(Type.Array(table)),
  /** Variables that are set on the master. A lane reports if its code reads one that it lacks. */
  variablesHere: Type.Optional(Type.Array(text)),
  /** How long requests may continue after their user was stopped, in milliseconds. */
  stopTimeoutMs: amount,
});

/** Orders the worker to load a bundle. */
export const prepare = Type.Object({
  type: Type.Literal('prepare'),
  runId: text,
  /** `id` is the SHA-256 of the bytes, hexadecimal. */
  bundle: Type.Object({ id: text, size: count }),
  plan: runPlan,
  /** Secrets of the scenario by name. They are never written to files, logs or reports. */
  secrets: Type.Optional(Type.Record(Type.String(), text)),
});

export const artifactChunk = Type.Object({
  type: Type.Literal('artifactChunk'),
  artifactId: shortText,
  offset: count,
  bytes,
  /** Why the master cannot read the file. */
  problem: Type.Optional(text),
});

/** Orders this worker to run the scenario's `setup` or `teardown`. */
export const runPhase = Type.Object({
  type: Type.Literal('runPhase'),
  runId: text,
  phase: Type.Union([Type.Literal('setup'), Type.Literal('teardown')]),
  /** The result of `setup`, for `teardown`. */
  setupResult: Type.Optional(Type.Unknown()),
});

/**
 * Items of a part of the load that are on a lane. There may be several shares of one part.
 *
 * User `i` of a closed part runs while the load is above `i`. A share of another part is a grant of
 * slots, or a release of some of them.
 */
const share = Type.Object({
  part: count,
  /** Encoded by `encodeUsers`. */
  items: userList,
  /** Unique in the run; absent for closed parts. A lane that knows it keeps its own position. */
  grant: Type.Optional(count),
  /**
   * Where a lane begins that does not know the grant: run time in milliseconds for parts with a
   * rate, the number of an iteration for parts with a fixed number of them.
   */
  from: Type.Optional(amount),
  /**
   * These slots are released: the lane deals with what is due before this run time. It answers with
   * the position at which it stops. In parts with a fixed number of iterations, it stops at once.
   */
  untilMs: Type.Optional(amount),
});

/**
 * The worker's share of the plan as a function of time. Only a newer epoch replaces an older one.
 * It is sent when the share or the load changes, so that workers may have different epochs.
 */
export const assignment = Type.Object({
  type: Type.Literal('assignment'),
  runId: text,
  epoch: count,
  load,
  /** Run time in milliseconds at which the run is paused; null while it is running. */
  pausedAtMs: Type.Union([amount, Type.Null()]),
  /** Total of earlier pauses in milliseconds: run time = master's time - start - this. */
  pausedMs: amount,
  lanes: Type.Array(Type.Object({ lane: count, shares: Type.Array(share) })),
});

/** The number of a lane among the lanes of its group, over all workers. */
const laneNumber = Type.Object({
  index: count,
  /** Number of lanes when the message was sent. */
  count,
});

/** The common start time. */
export const start = Type.Object({
  type: Type.Literal('start'),
  runId: text,
  /** In milliseconds on the master's monotonic clock. */
  startAtMs: Type.Number(),
  setupResult: Type.Optional(Type.Unknown()),
  /** The numbers of the worker's lanes, in their order. */
  lanes: Type.Optional(Type.Array(laneNumber)),
});

/** Orders the worker to stop its users, send its last report and reply with `drained`. */
export const drain = Type.Object({
  type: Type.Literal('drain'),
  runId: text,
  /** After this time in milliseconds, requests are interrupted. */
  stopTimeoutMs: amount,
});

/** Acknowledges all reports of a run up to and including `seq`. */
export const reportAck = Type.Object({
  type: Type.Literal('reportAck'),
  runId: shortText,
  seq: count,
  /**
   * Whether the next report was refused because it uses keys that the master does not know. The
   * worker then repeats its reports with all their keys.
   */
  keysUnknown: Type.Optional(Type.Boolean()),
});

/** The worker may exit, because the run is over or it has asked to leave. */
export const dismiss = Type.Object({
  type: Type.Literal('dismiss'),
  reason: text,
  /** Whether the run is over. If not, another worker may replace this one. */
  runOver: Type.Boolean(),
});

export const masterMessage = Type.Union([
  welcome,
  refused,
  heartbeatReply,
  prepare,
  artifactChunk,
  runPhase,
  assignment,
  start,
  drain,
  reportAck,
  sharedReply,
  sharedWake,
  dismiss,
]);

export type Welcome = Type.Static<typeof welcome>;
export type Refused = Type.Static<typeof refused>;
export type Prepare = Type.Static<typeof prepare>;
export type RunPlan = Prepare['plan'];
export type ArtifactChunk = Type.Static<typeof artifactChunk>;
export type RunPhase = Type.Static<typeof runPhase>;
export type Assignment = Type.Static<typeof assignment>;
export type Share = Type.Static<typeof share>;
export type LaneNumber = Type.Static<typeof laneNumber>;
export type Start = Type.Static<typeof start>;
export type Drain = Type.Static<typeof drain>;
export type ReportAck = Type.Static<typeof reportAck>;
/** Any message from a master. */
export type MasterMessage = Type.Static<typeof masterMessage>;
