import Type from '#typebox';
import { amount, bytes, count, text, userList } from './parts.js';

/** The worker is one of the cluster. */
export const welcome = Type.Object({
  type: Type.Literal('welcome'),
  /** Of the master's run. A worker that has another one drops it: nobody is left to take its reports. */
  runId: text,
  workerId: text,
  heartbeatMs: amount,
  /** Silence after which the other side is held to be gone, milliseconds. */
  missingAfterMs: amount,
});

/** The worker is not wanted, and why. It ends with an exit code of its own. */
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

export const heartbeatReply = Type.Object({
  type: Type.Literal('heartbeatReply'),
  /** `sentAtMs` of the heartbeat. */
  echoMs: Type.Number(),
  /** The master's monotonic clock, milliseconds. */
  masterNowMs: Type.Number(),
});

const loadProfile = Type.Object({
  fromUsers: count,
  stages: Type.Array(Type.Object({ durationMs: Type.Union([amount, Type.Null()]), toUsers: count })),
});

/** What a lane must know of the plan; the scenario's functions come with the bundle. */
const runPlan = Type.Object({
  name: text,
  target: Type.Optional(text),
  userTypes: Type.Array(
    Type.Object({ name: text, weight: amount, fixedCount: Type.Optional(count), laneGroup: text }),
  ),
  /** Which lanes a worker has follows from them, see `groupsOfLanes`. */
  laneGroups: Type.Array(
    Type.Object({ name: text, users: count, lanes: Type.Optional(Type.Integer({ minimum: 1 })) }),
    { minItems: 1 },
  ),
  /** Series beyond so many are counted together. */
  maxSeries: Type.Integer({ minimum: 1 }),
  tags: Type.Object({ include: Type.Array(text), exclude: Type.Array(text) }),
  /** Variables for `process.env` of every lane, by name. */
  environment: Type.Optional(Type.Record(Type.String(), text)),
  /**
   * Variables that have a value on the master, and that a lane reports if it lacks one that is
   * read.
   */
  variablesHere: Type.Optional(Type.Array(text)),
  /** Requests still in flight this long after their user was stopped for good are cut off, milliseconds. */
  stopTimeoutMs: amount,
});

/** Load this bundle and be ready for its run. */
export const prepare = Type.Object({
  type: Type.Literal('prepare'),
  runId: text,
  /** `id` is the SHA-256 of the bytes, hexadecimal. */
  bundle: Type.Object({ id: text, size: count }),
  plan: runPlan,
  /** What the scenario may know, by name; nothing of it goes to a file, a log or a report. */
  secrets: Type.Optional(Type.Record(Type.String(), text)),
});

export const bundleChunk = Type.Object({
  type: Type.Literal('bundleChunk'),
  bundleId: text,
  offset: count,
  bytes,
});

/** Run the scenario's `setup` or `teardown`, on this worker alone. */
export const runPhase = Type.Object({
  type: Type.Literal('runPhase'),
  runId: text,
  phase: Type.Union([Type.Literal('setup'), Type.Literal('teardown')]),
  /** What `setup` gave, for `teardown`. */
  setupResult: Type.Optional(Type.Unknown()),
});

/**
 * The worker's share of the plan as a function of time. A newer epoch replaces an older one, never
 * the other way. It is sent when this worker's share or the load changes, so that workers may be at
 * different epochs.
 */
export const assignment = Type.Object({
  type: Type.Literal('assignment'),
  runId: text,
  epoch: count,
  load: loadProfile,
  /** Run time, milliseconds, at which the run is held, or null while it goes on. */
  pausedAtMs: Type.Union([amount, Type.Null()]),
  /** How long it has been held before, milliseconds: run time = master's time - start - this. */
  pausedMs: amount,
  /**
   * Per lane the indexes of its users, as `encodeUsers` writes them; user `i` runs while the load
   * is above `i`.
   */
  lanes: Type.Array(Type.Object({ lane: count, users: userList })),
});

/** Which of a run's lanes one is: those of its group, over all workers. */
const laneNumber = Type.Object({
  index: count,
  /** How many there were when the start was sent. */
  count,
});

/** The common start instant. */
export const start = Type.Object({
  type: Type.Literal('start'),
  runId: text,
  /** On the master's monotonic clock, milliseconds. */
  startAtMs: Type.Number(),
  setupResult: Type.Optional(Type.Unknown()),
  /** Of the worker's lanes, by their number within it. */
  lanes: Type.Optional(Type.Array(laneNumber)),
});

/** Stop the users, wait for their tasks, report, and say `drained`. */
export const drain = Type.Object({
  type: Type.Literal('drain'),
  runId: text,
  /** Requests still in flight after this are cut off and counted as interrupted, milliseconds. */
  stopTimeoutMs: amount,
});

/** Reports up to and with `seq` are merged for good. */
export const reportAck = Type.Object({ type: Type.Literal('reportAck'), seq: count });

/** The worker may end: the run is over, or the worker has asked to leave. */
export const dismiss = Type.Object({
  type: Type.Literal('dismiss'),
  reason: text,
  /** Whether the run is over. If not, another worker may take this one's place. */
  runOver: Type.Boolean(),
});

export const masterMessage = Type.Union([
  welcome,
  refused,
  heartbeatReply,
  prepare,
  bundleChunk,
  runPhase,
  assignment,
  start,
  drain,
  reportAck,
  dismiss,
]);

export type Welcome = Type.Static<typeof welcome>;
export type Refused = Type.Static<typeof refused>;
export type HeartbeatReply = Type.Static<typeof heartbeatReply>;
export type Prepare = Type.Static<typeof prepare>;
export type RunPlan = Prepare['plan'];
export type BundleChunk = Type.Static<typeof bundleChunk>;
export type RunPhase = Type.Static<typeof runPhase>;
export type Assignment = Type.Static<typeof assignment>;
export type LaneNumber = Type.Static<typeof laneNumber>;
export type Start = Type.Static<typeof start>;
export type Drain = Type.Static<typeof drain>;
/** Everything a master says. */
export type MasterMessage = Type.Static<typeof masterMessage>;
