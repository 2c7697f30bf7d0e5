import Type from '#typebox';
import { namedKey, rareCounts } from './deltas.js';
import { cpuShare, laneHealth } from './lane-health.js';
import { MAX_FINDINGS } from './max-findings.js';
import { sharedRequest } from './shared.js';
import { amount, bytes, clockMs, count, label, shortLabel, shortText, text, userList } from './parts.js';

/** The most lanes of a worker. */
export const MAX_LANES = 4_096;

/** The machine of a worker. */
export const machine = Type.Object({
  cpu: shortLabel,
  /** Number of CPUs that the system reports. */
  cores: count,
  memoryBytes: amount,
  os: shortLabel,
});

/**
 * The first message from a worker. It is resent until the master welcomes or refuses the worker.
 */
export const hello = Type.Object({
  type: Type.Literal('hello'),
  protocol: Type.Integer(),
  /** Version of the worker's Drumline. */
  version: shortLabel,
  /** Identifies the process, to distinguish a returning worker from another of the same name. */
  instance: shortText,
  name: Type.String({ minLength: 1, maxLength: 128, ...label }),
  host: shortLabel,
  pid: count,
  lanes: Type.Integer({ minimum: 1, maximum: MAX_LANES }),
  node: shortLabel,
  machine: Type.Optional(machine),
  /** How long the worker continues its load without a message from the master, in milliseconds. */
  orphanGraceMs: amount,
  /** The run that the worker has, if any. A master that has it, too, takes the worker back. */
  runId: Type.Optional(shortText),
  /** Distinguishes the process from others with the same process id; absent if unavailable. */
  process: Type.Optional(
    Type.Object({ bootId: shortText, startedAt: shortText, pidNamespace: Type.Optional(shortText) }),
  ),
});

/** The most releases and positions in a message. */
const MAX_ENTRIES = 100_000;

/**
 * A lane deals with slots of a grant up to this position, and with nothing from it on. The answer
 * to a release, or the end of a lane that crashed.
 */
const release = Type.Object({
  lane: count,
  part: count,
  grant: count,
  /** Encoded by `encodeUsers`. */
  items: userList,
  /** Run time in milliseconds, or the number of an iteration, as in the assignment. */
  position: amount,
  /** Whether the lane has no process at present. Its incident may arrive later. Default: false. */
  crashed: Type.Optional(Type.Boolean()),
});

/** How far a lane is in a part with slots. */
const position = Type.Object({
  lane: count,
  part: count,
  /** Everything of the lane before this position has begun, or never will. */
  position: amount,
  /** Iterations under way. */
  active: count,
});

/** What the lanes use of the limits of their machine, as `MachineUse` of the model. */
const machineUse = Type.Object({
  openFiles: count,
  ports: count,
  throttledMs: Type.Optional(amount),
});

/** A heartbeat, which is also a clock probe. */
export const heartbeat = Type.Object({
  type: Type.Literal('heartbeat'),
  /** The run of the last welcome. */
  runId: shortText,
  /** When it was sent, in milliseconds on the worker's monotonic clock. The reply echoes it. */
  sentAtMs: clockMs,
  epoch: count,
  cpu: cpuShare,
  memoryBytes: amount,
  loopDelayMs: amount,
  /** From the last heartbeat that was answered to its reply. Absent before. */
  roundTripMs: Type.Optional(amount),
  lanes: Type.Array(laneHealth, { maxItems: MAX_LANES }),
  /** Repeated as long as the newest assignment lists the slots. */
  released: Type.Optional(Type.Array(release, { maxItems: MAX_ENTRIES })),
  positions: Type.Optional(Type.Array(position, { maxItems: MAX_ENTRIES })),
  /** Whether processes of an earlier run have not ended. Default: false. */
  isEnding: Type.Optional(Type.Boolean()),
  use: Type.Optional(machineUse),
});

/** Lanes have accepted releases. Heartbeats repeat it. */
export const released = Type.Object({
  type: Type.Literal('released'),
  runId: shortText,
  epoch: count,
  releases: Type.Array(release, { maxItems: MAX_ENTRIES }),
});

/** Requests the chunk of a bundle that starts at `offset`. */
export const artifactRequest = Type.Object({
  type: Type.Literal('artifactRequest'),
  runId: Type.Optional(shortText),
  artifactId: shortText,
  offset: count,
});

/** Limits of a machine, as `MachineLimits` of the model. Those that are unknown are absent. */
const machineLimits = Type.Object({
  openFiles: Type.Optional(count),
  localPorts: Type.Optional(count),
  timeWaitReuse: Type.Optional(count),
  cpus: Type.Optional(count),
  cpuQuota: Type.Optional(amount),
  memoryBytes: Type.Optional(amount),
});

/** The bundle has been loaded in every lane, or could not be loaded. */
export const prepared = Type.Object({
  type: Type.Literal('prepared'),
  runId: shortText,
  problem: Type.Optional(text),
  /** Limits that the load may exceed, read now. */
  limits: Type.Optional(machineLimits),
});

/** `setup` or `teardown` has run on this worker. */
export const phaseDone = Type.Object({
  type: Type.Literal('phaseDone'),
  runId: shortText,
  phase: Type.Union([Type.Literal('setup'), Type.Literal('teardown')]),
  result: Type.Optional(Type.Unknown()),
  problem: Type.Optional(text),
});

/** An incident of a lane. */
const incident = {
  lane: count,
  /**
   * `crashed`: the lane restarts. `gaveUp`: it does not restart again. `ready`: it can run users
   * again. `stalled`: its event loop is blocked. `starved`: it gets too little CPU, and keeps its
   * users. `recovered`: it answers again.
   */
  kind: Type.Union([
    Type.Literal('crashed'),
    Type.Literal('gaveUp'),
    Type.Literal('ready'),
    Type.Literal('stalled'),
    Type.Literal('starved'),
    Type.Literal('recovered'),
  ]),
  /** The reason, as readable text. */
  reason: text,
  /** The stack of the user's code, mapped to the source. */
  stack: Type.Optional(text),
  /** How long the lane was blocked, in ms: so far (`stalled`) or in total (`recovered`). */
  stalledMs: Type.Optional(amount),
  /** For `recovered`: whether the lane lacked CPU, rather than being blocked. */
  starved: Type.Optional(Type.Boolean()),
  /** Whether the lane delivered all counts before it ended. */
  countsComplete: Type.Optional(Type.Boolean()),
  /** Time since the last counts of a crashed lane, in milliseconds. */
  uncountedMs: Type.Optional(amount),
  /**
   * The run time up to which a crashed lane had dealt with all its starts, by its last report. It
   * may have stopped its users then.
   */
  reachedMs: Type.Optional(amount),
  /** The users that a crashed lane last reported. */
  users: Type.Optional(count),
};

/** An incident before the run; it may be lost. During a run, incidents are in reports. */
export const laneIncident = Type.Object({ type: Type.Literal('laneIncident'), ...incident });

/** A problem of the scenario that a lane found during the run. */
const finding = Type.Object({
  /**
   * - `unset-variable`: code read a variable that is set on the master but not on the worker.
   * - `measured-requests`: a user made requests inside `measure`, so that they are counted twice.
   * - `floating-promise`: a task ended while one of its requests was in progress.
   * - `no-target`: a task requested a relative URL, and there is no target.
   * - `samples-dropped`: samples are missing in the file of samples.
   * - `intervals-lost`: a hook was too slow to receive all seconds of its lane.
   * - `odd-responses`: responses violated the standard in a way that is tolerated.
   */
  kind: Type.Union([
    Type.Literal('unset-variable'),
    Type.Literal('measured-requests'),
    Type.Literal('odd-responses'),
    Type.Literal('floating-promise'),
    Type.Literal('no-target'),
    Type.Literal('samples-dropped'),
    Type.Literal('intervals-lost'),
  ]),
  /** The subject: name of the variable, or measure, user type and task. */
  subject: shortText,
  /** Number of occurrences since the last report. */
  count,
});

/** The scenario's code requested the end of the run. */
const stopRun = Type.Object({
  lane: count,
  user: text,
  /** The task, or a hook such as `onStart`. */
  task: text,
  reason: text,
});

/** The counts and incidents of the worker's lanes. Resent until the master acknowledges it. */
export const statsReport = Type.Object({
  type: Type.Literal('statsReport'),
  runId: shortText,
  epoch: count,
  /** 1, 2, 3 … for this instance of the worker and this run. */
  seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  /** Number of the worker's dictionary of series and checks, from 1. A later one replaces it. */
  dictionary: count,
  /** The keys that the counts use, without those that the master is believed to know. */
  keys: Type.Array(namedKey),
  /** Counts of series and checks, encoded by `encodeCounts`. */
  counts: bytes,
  /** All other counts; absent if there are none. */
  rest: Type.Optional(Type.Array(rareCounts)),
  /**
   * Everything up to this second of the run is in this report or an earlier one, unless a lane is
   * late. Absent if more reports follow at once.
   */
  throughSecond: Type.Optional(count),
  /** In chronological order. */
  incidents: Type.Optional(Type.Array(Type.Object(incident), { maxItems: 1_000 })),
  findings: Type.Optional(Type.Array(finding, { maxItems: MAX_FINDINGS })),
  stopRun: Type.Optional(stopRun),
  /** After a long disconnection, each second stands for this number of seconds from it on. */
  foldedToSeconds: Type.Optional(Type.Integer({ minimum: 2, maximum: 10_000_000 })),
});

/** Every user of the worker has stopped, and every report is acknowledged. */
export const drained = Type.Object({
  type: Type.Literal('drained'),
  runId: shortText,
  /** Lanes that had to be killed. Some of their requests may not be counted. */
  killedLanes: Type.Array(count, { maxItems: MAX_LANES }),
});

/** The worker asks to leave. The master moves its users to other workers, then drains it. */
export const leaving = Type.Object({ type: Type.Literal('leaving'), reason: shortLabel });

/** The last message from a worker. */
export const goodbye = Type.Object({
  type: Type.Literal('goodbye'),
  reason: shortLabel,
  /** Whether all its counts are acknowledged. */
  complete: Type.Boolean(),
});

export const workerMessage = Type.Union([
  hello,
  heartbeat,
  released,
  artifactRequest,
  prepared,
  phaseDone,
  laneIncident,
  statsReport,
  sharedRequest,
  drained,
  leaving,
  goodbye,
]);

export type Hello = Type.Static<typeof hello>;
export type LaneHealth = Type.Static<typeof laneHealth>;
export type Heartbeat = Type.Static<typeof heartbeat>;
export type Release = Type.Static<typeof release>;
export type Position = Type.Static<typeof position>;
export type Released = Type.Static<typeof released>;
export type ArtifactRequest = Type.Static<typeof artifactRequest>;
export type Prepared = Type.Static<typeof prepared>;
export type PhaseDone = Type.Static<typeof phaseDone>;
export type LaneIncident = Type.Static<typeof laneIncident>;
export type Finding = Type.Static<typeof finding>;
export type StopRun = Type.Static<typeof stopRun>;
export type StatsReport = Type.Static<typeof statsReport>;
export type Goodbye = Type.Static<typeof goodbye>;
/** Any message from a worker. */
export type WorkerMessage = Type.Static<typeof workerMessage>;
