import { profileDurationMs, type Millis } from '@drumline/model';
import type { WorkerRecord } from '../cluster/registry.js';
import type { Run } from './run.js';

/** How a silent worker may go on, out there. */
export interface Exposure {
  /** Then it has stopped at the latest: at the end of its grace, or of the plan; milliseconds since the start. */
  readonly untilMs: Millis;
  /** How much more load than when it last reported the plan asks for until then, as a factor. */
  readonly growth: number;
  /** Those that it ran, as it last said; if it has told this master nothing, those that were placed on it. */
  readonly users: number;
}

/** The times at which the load is looked at. */
const SAMPLES = 60;

/** What a message that is on its way when the worker is declared missing may take. */
const LATE_MESSAGE_MS: Millis = 2_000;

/** How long after it was declared missing a worker may still be running users. */
export function stopsWithinMs({ plan, options }: Run, { hello }: WorkerRecord): Millis {
  return Math.max(hello.orphanGraceMs, options.missingAfterMs) + plan!.stopTimeoutMs + LATE_MESSAGE_MS;
}

/** @param silentMs since its last word */
export function exposureOf(run: Run, worker: WorkerRecord, silentMs: Millis): Exposure {
  const { stopTimeoutMs } = run.plan!;
  const graceMs = Math.max(worker.hello.orphanGraceMs, run.options.missingAfterMs);
  const graceEndMs = run.clock!.elapsedMs - silentMs + graceMs;
  const untilMs = Math.min(graceEndMs, plannedEndMs(run)) + stopTimeoutMs;
  const fromMs = (worker.pace.newestSecond ?? 0) * 1_000;
  const instants = Array.from({ length: SAMPLES + 1 }, (_, i) => fromMs + ((untilMs - fromMs) * i) / SAMPLES);
  const most = Math.max(...instants.map((atMs) => usersAt(run, atMs)));
  const atFirst = usersAt(run, fromMs);
  return {
    untilMs,
    growth: Math.max(1, most / Math.max(1, atFirst)),
    users: usersSaid(worker) ?? run.dispatch!.usersOn(worker, atFirst),
  };
}

/** How many users a worker ran, as it last said. */
export function usersSaid({ health }: WorkerRecord): number | undefined {
  return health?.lanes.reduce((sum, { users }) => sum + users, 0);
}

/** When the plan is over, milliseconds since the start; `Infinity` if it has no end, or the run is held. */
export function plannedEndMs({ clock, dispatch }: Run): Millis {
  const durationMs = profileDurationMs(dispatch!.load);
  return durationMs === null || clock!.paused ? Infinity : durationMs + clock!.pausedMs;
}

function usersAt({ clock, dispatch }: Run, atMs: Millis): number {
  return dispatch!.plannedUsers(clock!.runMsAt(atMs));
}
