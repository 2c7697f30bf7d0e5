import { isDeepStrictEqual } from 'node:util';
import { DrumlineError, formatDuration, isRunOver, type Millis, type Plan } from '@drumline/model';
import type { CheckedScenario } from '@drumline/scenario/project';
import type { Log } from '../cluster/log.js';
import { isInProgress, runFiles } from './catalogue.js';
import { idleMsOf } from './idle.js';
import { ownerOf } from './ownership.js';
import { whetherAlive, type ProcessIdentity } from '@drumline/wire';
import { findRun, openRunStore, runsDirectory, type RunStore, type StoredState } from './index.js';
import type { FileHead } from './run-file.js';
import type { StartedState, StoredRun } from './run-store.js';
import { readSnapshot } from './snapshot.js';

/** An unfinished run of another master, opened to be resumed. This process owns its file. */
export interface ResumableRun {
  readonly state: StoredState;
  readonly store: RunStore;
  /** Time since the last write to its file. */
  readonly idleMs: Millis;
}

/** A run is resumed automatically by a master that starts within this time of its last commit. */
const RESTARTED_WITHIN_MS: Millis = 10 * 60_000;

/** Older unfinished runs are not mentioned when their scenario is started again. */
const MENTIONED_WITHIN_MS: Millis = 24 * 60 * 60_000;

/** More epochs than a master can go through between a commit and its death. */
const EPOCH_LEAP = 1_000_000;

/** Whether the run had started. Only then can it be resumed. */
export function isStarted(state: StoredState): state is StartedState {
  return state.run.clock !== undefined;
}

/** A run that did not end and that no running master owns. */
interface Unfinished {
  readonly path: string;
  readonly run: FileHead['run'];
  readonly idleMs: Millis;
}

/**
 * Opens an unfinished run whose master is dead, in order to resume it.
 * @param run its ID or the start of it, its file name, or the name of its scenario; without it, the
 * newest run that can be resumed
 * @throws DrumlineError `usage` if there is none, `request-invalid` if it is over, is owned by a
 * running master, or cannot be resumed
 */
export async function openRunToResume(dataDir: string, run?: string): Promise<ResumableRun> {
  if (run !== undefined) {
    const path = findRun(dataDir, run);
    const { idleMs } = headOf(path);
    const taken = await openRunStore(path);
    const problem = whyNot(taken.state.run);
    if (!problem) return await claimEpoch({ ...taken, idleMs });
    await taken.store.close();
    throw problem;
  }
  const newest = await firstOf(unfinishedRuns(dataDir));
  if (newest) return newest;
  throw new DrumlineError(
    'usage',
    `There is no run to resume in ${runsDirectory(dataDir)}.`,
    '`drumline runs` lists all runs. Use --data-dir for another directory.',
  );
}

/** Whether a master of this directory may have died during a run. */
export function hasInterruptedRun(dataDir: string): boolean {
  for (const { idleMs } of unfinishedRuns(dataDir)) if (idleMs <= MENTIONED_WITHIN_MS) return true;
  return runFiles(dataDir).some((path) => remoteOwnerOf(path) !== undefined);
}

/**
 * Opens the run that the previous master was interrupted in: same scenario and plan, last written
 * within ten minutes, master dead. So supervisors (systemd, Kubernetes) can restart a master with
 * the same command.
 * @param log receives a line for a run of this scenario that is not resumed, with the reason
 */
export async function openInterruptedRun(
  dataDir: string,
  { bundle, plan }: Pick<CheckedScenario, 'bundle' | 'plan'>,
  log: Log,
): Promise<ResumableRun | undefined> {
  const isSame = ({ run }: Unfinished): boolean => run.bundle.id === bundle.id && isSamePlan(run.plan, plan);
  const same = [...unfinishedRuns(dataDir)].filter(isSame);
  const taken = await firstOf(same.filter(({ idleMs }) => idleMs <= RESTARTED_WITHIN_MS));
  if (taken) return taken;
  const left = same.find(({ run, idleMs }) => run.clock && idleMs <= MENTIONED_WITHIN_MS);
  if (left) log(whyNotResumed(left));
  for (const path of runFiles(dataDir)) {
    const owner = remoteOwnerOf(path);
    if (owner && isSame(headOf(path))) log(whyNotResumed(headOf(path), owner));
  }
  return undefined;
}

function whyNotResumed({ run, idleMs }: Unfinished, owner?: ProcessIdentity): string {
  const id = run.runId.slice(0, 8);
  const why = owner
    ? `belongs to process ${owner.pid} on ${owner.host}, which cannot be checked from here`
    : `was interrupted ${formatDuration(idleMs)} ago, too long ago to be resumed automatically`;
  const then = owner ? 'If that process is gone, ' : '';
  return `Run ${id} of this scenario ${why}. A new run begins. ${then}\`drumline master --resume ${id}\` resumes that one.`;
}

/** The process that writes a run, if it is on another machine or in another container. */
function remoteOwnerOf(path: string): ProcessIdentity | undefined {
  const owner = ownerOf(path);
  return owner && whetherAlive(owner) === 'unknown' ? owner : undefined;
}

/** Opens the first run that can still be opened. A running master may have claimed it by now. */
async function firstOf(runs: Iterable<Unfinished>): Promise<ResumableRun | undefined> {
  for (const { path, idleMs } of runs) {
    const taken = await openRunStore(path).catch(() => undefined);
    if (taken && !whyNot(taken.state.run)) return await claimEpoch({ ...taken, idleMs });
    await taken?.store.close();
  }
  return undefined;
}

/** Unfinished runs, the newest first. Skips unreadable ones. */
function* unfinishedRuns(dataDir: string): Generator<Unfinished> {
  for (const path of runFiles(dataDir)) {
    if (isInProgress(path)) continue;
    try {
      const unfinished = headOf(path);
      if (!whyNot(unfinished.run)) yield unfinished;
    } catch (error) {
      if (!(error instanceof DrumlineError)) throw error;
    }
  }
}

function headOf(path: string): Unfinished {
  const { run, knownUntil } = readSnapshot(path, (file) => file.head());
  return { path, run, idleMs: idleMsOf(path, run.clock, knownUntil) };
}

function whyNot({
  runId,
  state,
  standalone,
}: Pick<StoredRun, 'runId' | 'state' | 'standalone'>): DrumlineError | undefined {
  if (isRunOver(state)) {
    return new DrumlineError(
      'request-invalid',
      `The run ${runId} is over: it is ${state}.`,
      `\`drumline report ${runId}\` shows its result.`,
    );
  }
  if (!standalone) return undefined;
  return new DrumlineError(
    'request-invalid',
    `The run ${runId} was made by \`drumline run\`, whose workers end with it, so it cannot be resumed.`,
    `\`drumline report ${runId}\` shows its results. Only runs of \`drumline master\` and \`drumline worker\` can be resumed.`,
  );
}

/** Raises the epoch above any that the previous master can have used, and commits it. */
export async function claimEpoch<T extends Pick<ResumableRun, 'state' | 'store'>>(taken: T): Promise<T> {
  const { state, store } = taken;
  const epoch = state.run.epoch + EPOCH_LEAP;
  // If the store fails, the first commit of the run reports it.
  await store.commit({ run: { epoch } }).catch(() => {});
  return { ...taken, state: { ...state, run: { ...state.run, epoch } } };
}

/**
 * Compares plans, without the environment variables that this machine happens to have, and without
 * seeds: those that the scenario does not set are drawn for each run.
 */
function isSamePlan(stored: Plan, plan: Plan): boolean {
  const [a, b] = [stored, plan].map((one) => plain({ ...one, variablesHere: undefined }));
  return isDeepStrictEqual(a, b);
}

/** Drops seeds, and undefined fields as the store does. */
function plain(value: object): unknown {
  return JSON.parse(JSON.stringify(value, (key, field: unknown) => (key === 'seed' ? undefined : field)));
}
