import { isOpen, type Millis } from '@drumline/model';
import { hasEnded } from '@drumline/wire';
import type { Dispatch } from '../allocation/dispatch.js';
import type { Participant } from '../allocation/participant.js';
import type { Rate } from '../allocation/pace.js';
import type { RunClock } from './run-clock.js';
import type { StartedRun } from './started-run.js';

/** The run in which a worker is exposed. */
type ExposedRun = Pick<StartedRun, 'plan' | 'clock' | 'dispatch' | 'plannedEndMs'>;

/** What a lost worker may have done after its last report. */
export interface Exposure {
  /** End of what is counted; milliseconds since the start. */
  readonly fromMs: Millis;
  /** When it must have stopped: at the end of its grace period or of the plan. */
  readonly untilMs: Millis;
  /**
   * The users that it may have run in that time, multiplied by seconds: five users for two seconds
   * are ten.
   */
  readonly userSeconds: number;
  /** The same until its last sign of life. */
  readonly likelyUserSeconds: number;
  /** Users that may have had a request in flight. */
  readonly users: number;
  /** Its request rate, see `Uncounted`. */
  readonly rate?: Rate;
  readonly asOneUser?: boolean;
  /** Starts that were due on its slots until others go on with them, or it must have stopped. */
  readonly starts: number;
}

interface RunAtRisk {
  readonly clock: Pick<RunClock, 'elapsedMs' | 'runMs' | 'runMsAt' | 'paused'>;
  readonly dispatch: Pick<Dispatch, 'starts' | 'knowsPause'>;
}

/** Number of times at which the load is sampled. */
const SAMPLES = 60;
/**
 * Half of the interval of heartbeats and reports: the mean time that a killed worker ran after its
 * last one.
 */
const HALF_A_BEAT_MS: Millis = 500;

/** Lanes may differ from the master's clock by less than this. */
const CLOCK_SLACK_MS: Millis = 250;

/** How long a message may still be in transit when its worker is declared missing. */
const LATE_MESSAGE_MS: Millis = 2_000;

/** How long after it was declared missing a worker may still run users. */
export function stopsWithinMs(
  { plan }: Pick<ExposedRun, 'plan'>,
  { hello }: Participant,
  missingAfterMs: Millis,
): Millis {
  return Math.max(hello.orphanGraceMs, missingAfterMs) + plan.stopTimeoutMs + LATE_MESSAGE_MS;
}

/**
 * The exposure of a silent worker, which may still be running.
 * @param silentMs since its last sign of life
 * @param heldForMs how long its users and slots wait for it
 */
export function exposureOf(
  run: ExposedRun,
  worker: Participant,
  silentMs: Millis,
  missingAfterMs: Millis,
  heldForMs: Millis = 0,
): Exposure {
  const { stopTimeoutMs } = run.plan;
  const graceMs = Math.max(worker.hello.orphanGraceMs, missingAfterMs);
  const lastSeenMs = run.clock.elapsedMs - silentMs;
  const mayGoOnMs = Math.min(lastSeenMs + graceMs, run.plannedEndMs) + stopTimeoutMs;
  // Lanes end with the control process of the worker.
  const untilMs = isDead(worker) ? Math.min(mayGoOnMs, run.clock.elapsedMs) : mayGoOnMs;
  return exposureUntil(run, worker, lastSeenMs, untilMs, run.clock.elapsedMs + heldForMs);
}

/** Whether the process of the worker has ended. Known only for workers on this machine. */
function isDead({ hello: { pid, host, process } }: Participant): boolean {
  return process !== undefined && hasEnded({ pid, host, ...process });
}

/** The exposure of a worker that has ended and no longer runs anything. */
export function exposureOfEnded(run: ExposedRun, worker: Participant): Exposure {
  const { elapsedMs } = run.clock;
  return exposureUntil(run, worker, elapsedMs, elapsedMs);
}

function exposureUntil(
  run: ExposedRun,
  worker: Participant,
  lastSeenMs: Millis,
  untilMs: Millis,
  heldUntilMs = untilMs,
): Exposure {
  const fromMs = Math.max(0, Math.min(untilMs, (worker.pace.newestSecond ?? 0) * 1_000));
  const planned = (atMs: Millis): number => mostUsersAt(run, worker, fromMs, atMs);
  // The worker may not have received its last assignment.
  const beyondPlan = Math.max(0, (worker.usersReported ?? 0) - planned(lastSeenMs));
  // Users that are no longer wanted finish their task.
  const stoppedMs = lastSeenMs + run.plan.stopTimeoutMs;
  const most = Math.max(worker.pace.mostUsers, worker.mostPlacedSince(fromMs));
  const usersFrom = (atMs: Millis): number =>
    Math.max(planned(atMs) + beyondPlan, atMs <= stoppedMs ? most : 0);
  const likelyMs = Math.max(fromMs, Math.min(untilMs, lastSeenMs + HALF_A_BEAT_MS));
  const users = Math.max(usersFrom(lastSeenMs), usersFrom(untilMs));
  const time = { fromMs, untilMs, likelyMs, heldUntilMs };
  if (run.dispatch.hasRate) return { users, ...exposedStarts(run, worker, time) };
  const { rate } = worker.pace;
  return {
    ...(rate && { rate }),
    fromMs,
    untilMs,
    userSeconds: userSeconds(usersFrom, fromMs, untilMs),
    likelyUserSeconds: userSeconds(usersFrom, fromMs + HALF_A_BEAT_MS, likelyMs),
    users,
    starts: 0,
  };
}

/**
 * The most users of a worker at a time. Its lanes follow the plan through a pause that it does not
 * know of.
 * @param fromMs end of what is counted
 */
function mostUsersAt(
  { clock, dispatch }: ExposedRun,
  worker: Participant,
  fromMs: Millis,
  atMs: Millis,
): number {
  const runMs = clock.runMsAt(atMs);
  if (dispatch.knowsPause(worker)) return dispatch.usersOn(worker, runMs);
  return dispatch.mostUsersOn(worker, runMs, clock.runMsAt(fromMs) + atMs - fromMs + LATE_MESSAGE_MS);
}

interface ExposedTime extends Pick<Exposure, 'fromMs' | 'untilMs'> {
  readonly likelyMs: Millis;
  readonly heldUntilMs: Millis;
}

/**
 * The exposure of a worker under a load with a rate. The number of its users follows from how long
 * iterations take. So the worker counts as one user, with the requests of the whole worker, which
 * grow with its starts.
 */
function exposedStarts(
  { clock, dispatch }: Pick<ExposedRun, 'clock' | 'dispatch'>,
  worker: Participant,
  { fromMs, untilMs, likelyMs, heldUntilMs }: ExposedTime,
): Omit<Exposure, 'users'> {
  const startsIn = (from: Millis, to: Millis): number =>
    dispatch.starts.on(worker, clock.runMsAt(from), clock.runMsAt(to));
  const heldMs = Math.max(untilMs, heldUntilMs);
  const starts = startsIn(fromMs, untilMs);
  const recentMs = Math.min(worker.pace.fromSecond * 1_000, fromMs);
  const before = startsIn(recentMs, fromMs) / Math.max(1, fromMs - recentMs);
  const growth = starts === 0 ? 1 : Math.max(1, starts / Math.max(1, untilMs - fromMs) / before);
  const seconds = (untilMs - fromMs) / 1_000;
  const rate = growth < Infinity ? worker.pace.perSecond : undefined;
  return {
    fromMs,
    untilMs,
    userSeconds: rate ? seconds * growth : seconds,
    likelyUserSeconds: Math.max(0, likelyMs - fromMs - HALF_A_BEAT_MS) / 1_000,
    ...(rate && { rate }),
    asOneUser: true,
    starts: startsAtRisk({ clock, dispatch }, worker, fromMs - longestStallMs(worker), heldMs),
  };
}

/** A lane that is blocked has begun nothing since, although others have reported. */
function longestStallMs({ health }: Participant): Millis {
  return (health?.lanes ?? []).reduce((longest, { stalledMs }) => Math.max(longest, stalledMs), 0);
}

/**
 * The most starts of a worker that may not happen, or happen twice, because it was lost in this
 * time.
 * @param lane only those of this lane
 */
export function startsAtRisk(
  { clock, dispatch }: RunAtRisk,
  worker: Participant,
  fromMs: Millis,
  untilMs: Millis,
  lane?: number,
): number {
  const from = clock.runMsAt(fromMs);
  const planned = Math.max(clock.runMsAt(untilMs), clock.runMs + untilMs - clock.elapsedMs);
  // After a pause began, the lanes had gone on until they knew of it.
  const wasPaused = clock.paused || planned - from < untilMs - fromMs - 1;
  const until = wasPaused && !dispatch.knowsPause(worker) ? from + untilMs - fromMs : planned;
  const slackMs = wasPaused ? LATE_MESSAGE_MS : CLOCK_SLACK_MS;
  const due = dispatch.starts.on(worker, from - slackMs, until + slackMs, lane);
  // The worker itself knows how far a lane was with what it got late.
  return lane === undefined ? due + dispatch.starts.overdueOn(worker, from - slackMs) : due;
}

/**
 * The most starts of a worker that has stopped its users: those since its lanes last reported how
 * far they were, and those of orders that it did not get.
 */
export function startsUnreached({ clock, dispatch }: ExposedRun, worker: Participant): number {
  const { parts } = dispatch.load;
  const { epoch, positions } = worker.lastOrdered;
  const reached = positions.flatMap(({ part, position }) => {
    const open = parts[part];
    return open && open.startMs !== null && isOpen(open.workload) ? [position] : [];
  });
  const fromMs = Math.min(...reached) - CLOCK_SLACK_MS;
  const unreached = dispatch.starts.on(worker, fromMs, clock.runMs + CLOCK_SLACK_MS);
  return unreached + dispatch.starts.unknownTo(worker, epoch, clock.runMs);
}

/** Integrates the users over time, with the larger value of each step. */
function userSeconds(users: (atMs: Millis) => number, fromMs: Millis, untilMs: Millis): number {
  if (untilMs <= fromMs) return 0;
  const stepMs = (untilMs - fromMs) / SAMPLES;
  const counts = Array.from({ length: SAMPLES + 1 }, (_, i) => users(fromMs + i * stepMs));
  const sum = counts.slice(1).reduce((to, count, i) => to + Math.max(count, counts[i]!), 0);
  return (sum * stepMs) / 1_000;
}
