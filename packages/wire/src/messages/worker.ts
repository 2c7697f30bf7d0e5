import Type from '#typebox';
import { intervalDelta } from './deltas.js';
import { amount, clockMs, count, label, shortLabel, shortText, text } from './parts.js';

/** Lanes of one worker. */
export const MAX_LANES = 4_096;

/** Different findings in one report. */
export const MAX_FINDINGS = 1_000;

/** What a worker runs on. */
export const machine = Type.Object({
  cpu: shortLabel,
  /** CPUs that the system shows. */
  cores: count,
  memoryBytes: amount,
  os: shortLabel,
});

/** The first word of a worker. Repeated until it is welcomed or refused. */
export const hello = Type.Object({
  type: Type.Literal('hello'),
  protocol: Type.Integer(),
  /** Version of the worker's Drumline. */
  version: shortLabel,
  /** Names this process, so that a second worker of the same name can be told from the same one come back. */
  instance: shortText,
  name: Type.String({ minLength: 1, maxLength: 128, ...label }),
  host: shortLabel,
  pid: count,
  lanes: Type.Integer({ minimum: 1, maximum: MAX_LANES }),
  node: shortLabel,
  /** Files that one of its processes may have open, if the system tells. */
  openFiles: Type.Optional(count),
  /** Local ports for connections to one target address, if the system tells. */
  localPorts: Type.Optional(count),
  machine: Type.Optional(machine),
  /** How long its load goes on when it hears nothing from the master, milliseconds. */
  orphanGraceMs: amount,
  /** Tells its process from others of the same number; absent where the machine does not. */
  process: Type.Optional(
    Type.Object({ bootId: shortText, startedAt: shortText, pidNamespace: Type.Optional(shortText) }),
  ),
});

/** Part of a CPU; of all of them where a process has many threads. */
const cpuShare = Type.Number({ minimum: 0, maximum: 10_000 });

/** How one lane is. */
export const laneHealth = Type.Object({
  lane: count,
  state: shortLabel,
  /** Users it runs now. */
  users: count,
  /** Part of one CPU since the last heartbeat: 0.5 is half a core. */
  cpu: cpuShare,
  /** Part of the time its event loop was not idle; more than `cpu` where it had to wait for a CPU. */
  busy: cpuShare,
  memoryBytes: amount,
  /** Longest time its event loop stood still since the last heartbeat, milliseconds. */
  loopDelayMs: amount,
  /** For how long it has not answered, milliseconds; 0 while it does. */
  stalledMs: amount,
});

/** Sign of life and clock probe. */
export const heartbeat = Type.Object({
  type: Type.Literal('heartbeat'),
  /** When it was sent on the worker's monotonic clock, milliseconds; comes back in the reply. */
  sentAtMs: clockMs,
  epoch: count,
  cpu: cpuShare,
  memoryBytes: amount,
  loopDelayMs: amount,
  lanes: Type.Array(laneHealth, { maxItems: MAX_LANES }),
});

/** Asks for the part of a bundle that starts at `offset`. */
export const bundleRequest = Type.Object({
  type: Type.Literal('bundleRequest'),
  bundleId: shortText,
  offset: count,
});

/** The bundle is loaded in every lane, or could not be. */
export const prepared = Type.Object({
  type: Type.Literal('prepared'),
  runId: shortText,
  problem: Type.Optional(text),
});

/** `setup` or `teardown` has run on this worker. */
export const phaseDone = Type.Object({
  type: Type.Literal('phaseDone'),
  runId: shortText,
  phase: Type.Union([Type.Literal('setup'), Type.Literal('teardown')]),
  result: Type.Optional(Type.Unknown()),
  problem: Type.Optional(text),
});

/** What befell a lane. */
const incident = {
  lane: count,
  /**
   * `starved` ones do not answer and keep their users; `crashed` lanes restart; `gaveUp` ones do
   * not any more; `ready` ones can carry users again.
   */
  kind: Type.Union([
    Type.Literal('crashed'),
    Type.Literal('gaveUp'),
    Type.Literal('ready'),
    Type.Literal('stalled'),
    Type.Literal('starved'),
    Type.Literal('recovered'),
  ]),
  /** In words, for people. */
  reason: text,
  /** The user's own stack, mapped to the source. */
  stack: Type.Optional(text),
  /** For how long the lane stood still, milliseconds: of `stalled` so far, of `recovered` in all. */
  stalledMs: Type.Optional(amount),
  /** Of a lane that has recovered: whether it had too much to do, and was not blocked. */
  starved: Type.Optional(Type.Boolean()),
  /** Whether the lane could hand over all it had counted before it ended. */
  countsComplete: Type.Optional(Type.Boolean()),
  /** For how long a crashed lane had handed over nothing, milliseconds. */
  uncountedMs: Type.Optional(amount),
};

/** Something befell a lane that is in no run yet; may be lost. In a run, reports say it. */
export const laneIncident = Type.Object({ type: Type.Literal('laneIncident'), ...incident });

/** What a lane found wrong with the scenario. */
const finding = Type.Object({
  /**
   * `unset-variable`: code read a variable that the master has and the worker lacks.
   * `measured-requests`: `measure` was open while its user made requests, which are counted by
   * themselves. `floating-promise`: a task ended while a request of its was under way. `no-target`:
   * a task made a request to a relative URL, and there is no target. `odd-responses`: responses
   * were read although the standard forbids what they had.
   */
  kind: Type.Union([
    Type.Literal('unset-variable'),
    Type.Literal('measured-requests'),
    Type.Literal('odd-responses'),
    Type.Literal('floating-promise'),
    Type.Literal('no-target'),
  ]),
  /** What it is about: the name of a variable, the measure, user type and task. */
  subject: shortText,
  /** How often, since the last report. */
  count,
});

/** The scenario's code asked for the run to end. */
const stopRun = Type.Object({
  lane: count,
  user: text,
  /** The task, or `onStart` and the like. */
  task: text,
  reason: text,
});

/** What the worker's lanes gained, and what befell them. Kept and repeated until it is acknowledged. */
export const statsReport = Type.Object({
  type: Type.Literal('statsReport'),
  runId: shortText,
  epoch: count,
  /** 1, 2, 3 … within this worker's instance and the run. */
  seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  deltas: Type.Array(intervalDelta),
  /** In the order of time. */
  incidents: Type.Optional(Type.Array(Type.Object(incident), { maxItems: 1_000 })),
  findings: Type.Optional(Type.Array(finding, { maxItems: MAX_FINDINGS })),
  stopRun: Type.Optional(stopRun),
  /** After a long cut, each of these may hold what was counted in so many seconds: its own and those after it. */
  foldedToSeconds: Type.Optional(Type.Integer({ minimum: 2, maximum: 10_000_000 })),
});

/** Every user of this worker has stopped and every report of it is acknowledged. */
export const drained = Type.Object({
  type: Type.Literal('drained'),
  runId: shortText,
  /** Lanes that had to be killed, with what they may not have counted. */
  killedLanes: Type.Array(count, { maxItems: MAX_LANES }),
});

/** The worker wants to go: place its users elsewhere, then drain it. */
export const leaving = Type.Object({ type: Type.Literal('leaving'), reason: shortLabel });

/** The worker is gone. Its last word. */
export const goodbye = Type.Object({
  type: Type.Literal('goodbye'),
  reason: shortLabel,
  /** Whether everything that it counted is acknowledged. */
  complete: Type.Boolean(),
});

export const workerMessage = Type.Union([
  hello,
  heartbeat,
  bundleRequest,
  prepared,
  phaseDone,
  laneIncident,
  statsReport,
  drained,
  leaving,
  goodbye,
]);

export type Hello = Type.Static<typeof hello>;
export type LaneHealth = Type.Static<typeof laneHealth>;
export type Heartbeat = Type.Static<typeof heartbeat>;
export type BundleRequest = Type.Static<typeof bundleRequest>;
export type Prepared = Type.Static<typeof prepared>;
export type PhaseDone = Type.Static<typeof phaseDone>;
export type LaneIncident = Type.Static<typeof laneIncident>;
export type Finding = Type.Static<typeof finding>;
export type StopRun = Type.Static<typeof stopRun>;
export type StatsReport = Type.Static<typeof statsReport>;
export type Goodbye = Type.Static<typeof goodbye>;
export type Drained = Type.Static<typeof drained>;
/** Everything a worker says. */
export type WorkerMessage = Type.Static<typeof workerMessage>;
