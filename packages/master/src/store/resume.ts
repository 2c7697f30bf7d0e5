import { isDeepStrictEqual } from 'node:util';
import { DrumlineError, formatDuration, type Millis, type Plan } from '@drumline/model';
import type { CheckedScenario } from '@drumline/scenario/project';
import type { Say } from '../options.js';
import { isInProgress, runFiles } from './catalogue.js';
import { idleMsOf } from './idle.js';
import { ownerOf } from './ownership.js';
import { whetherAlive, type ProcessIdentity } from '@drumline/wire';
import { findRun, openRunStore, runsDirectory, type RunStore, type StoredState } from './index.js';
import type { FileHead } from './run-file.js';
import type { StartedState, StoredRun } from './run-store.js';
import { readSnapshot } from './snapshot.js';

/** A run that another master left unfinished: all that was committed, and its file, which is ours now. */
export interface TakenRun {
  readonly state: StoredState;
  readonly store: RunStore;
  /** How long ago something was written to it. */
  readonly idleMs: Millis;
}

/** A master that is started again within this time of its last commit, on the same scenario, is taken for the same one. */
const RESTARTED_WITHIN_MS: Millis = 10 * 60_000;

/**
 * A run that was left unfinished longer ago is not mentioned any more when its scenario is started
 * again.
 */
const MENTIONED_WITHIN_MS: Millis = 24 * 60 * 60_000;

/** More epochs than a master goes through between a commit and its death. */
const EPOCH_LEAP = 1_000_000;

/** Whether the run had been started: only then is there something to go on with. */
export function isStarted(state: StoredState): state is StartedState {
  return state.run.clock !== undefined;
}

/** A run that did not end and that no living master has. */
interface Unfinished {
  readonly path: string;
  readonly run: FileHead['run'];
  readonly idleMs: Millis;
}

/**
 * Opens an unfinished run whose master is dead, to resume it.
 * @param run its id or the beginning of it, the name of its file, or its scenario's; without it,
 * the newest that can be resumed
 * @throws DrumlineError `usage` if there is none, `request-invalid` if it is over, belongs to a
 * living master, or cannot be resumed
 */
export async function openRunToResume(dataDir: string, run?: string): Promise<TakenRun> {
  if (run !== undefined) {
    const path = findRun(dataDir, run);
    const { idleMs } = headOf(path);
    const taken = await openRunStore(path);
    const problem = whyNot(taken.state.run);
    if (!problem) return await ours({ ...taken, idleMs });
    await taken.store.close();
    throw problem;
  }
  const newest = await firstOf(unfinishedRuns(dataDir));
  if (newest) return newest;
  throw new DrumlineError(
    'usage',
    `There is no unfinished run in ${runsDirectory(dataDir)} that could be resumed.`,
    '`drumline runs` lists the runs that there are; --data-dir names the directory that they are in.',
  );
}

/** Whether a master of this directory may have died and left a run. */
export function hasInterruptedRun(dataDir: string): boolean {
  for (const { idleMs } of unfinishedRuns(dataDir)) if (idleMs <= MENTIONED_WITHIN_MS) return true;
  return runFiles(dataDir).some((path) => unseenOwnerOf(path) !== undefined);
}

/**
 * Opens the run that a master before this one was in the midst of: the same scenario and plan, written to within the last ten
 * minutes, its master dead. So whatever starts a dead master again (systemd, Kubernetes) needs no other command line for it.
 * @param say gets a line for a run of this scenario that is not resumed, and why
 */
export async function openInterruptedRun(
  dataDir: string,
  { bundle, plan }: Pick<CheckedScenario, 'bundle' | 'plan'>,
  say: Say,
): Promise<TakenRun | undefined> {
  const isSame = ({ run }: Unfinished): boolean => run.bundle.id === bundle.id && isSamePlan(run.plan, plan);
  const same = [...unfinishedRuns(dataDir)].filter(isSame);
  const taken = await firstOf(same.filter(({ idleMs }) => idleMs <= RESTARTED_WITHIN_MS));
  if (taken) return taken;
  const left = same.find(({ run, idleMs }) => run.clock && idleMs <= MENTIONED_WITHIN_MS);
  if (left) say(whyNotResumed(left));
  for (const path of runFiles(dataDir)) {
    const owner = unseenOwnerOf(path);
    if (owner && isSame(headOf(path))) say(whyNotResumed(headOf(path), owner));
  }
  return undefined;
}

function whyNotResumed({ run, idleMs }: Unfinished, owner?: ProcessIdentity): string {
  const id = run.runId.slice(0, 8);
  const why = owner
    ? `belongs to process ${owner.pid} on ${owner.host}, which cannot be seen from here`
    : `was left unfinished ${formatDuration(idleMs)} ago, too long ago to be resumed by itself`;
  const then = owner ? 'If that process is gone, ' : '';
  return `Run ${id} of this scenario ${why}: a new run begins. ${then}\`drumline master --resume ${id}\` goes on with that one.`;
}

/** The process that writes a run, if it is on another machine or in another container. */
function unseenOwnerOf(path: string): ProcessIdentity | undefined {
  const owner = ownerOf(path);
  return owner && whetherAlive(owner) === 'unknown' ? owner : undefined;
}

/** Opens the first that can still be opened: a living master may have it by now. */
async function firstOf(runs: Iterable<Unfinished>): Promise<TakenRun | undefined> {
  for (const { path, idleMs } of runs) {
    const taken = await openRunStore(path).catch(() => undefined);
    if (taken && !whyNot(taken.state.run)) return await ours({ ...taken, idleMs });
    await taken?.store.close();
  }
  return undefined;
}

/** The newest first. Those that cannot be read are left out. */
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
  if (['finished', 'aborted', 'failed'].includes(state)) {
    return new DrumlineError(
      'request-invalid',
      `The run ${runId} is over: it is ${state}.`,
      `\`drumline report ${runId}\` shows what came of it.`,
    );
  }
  if (!standalone) return undefined;
  return new DrumlineError(
    'request-invalid',
    `The run ${runId} was made by \`drumline run\`, whose workers end with it: there is nothing left to resume.`,
    `\`drumline report ${runId}\` shows what was counted. A run of \`drumline master\` and \`drumline worker\` can be resumed.`,
  );
}

/** Under an epoch that the master before cannot have come to; committed, so that the next one begins above it. */
export async function ours<T extends Pick<TakenRun, 'state' | 'store'>>(taken: T): Promise<T> {
  const { state, store } = taken;
  const epoch = state.run.epoch + EPOCH_LEAP;
  // A store that fails is noted with the first commit of the run itself.
  await store.commit({ run: { epoch } }).catch(() => {});
  return { ...taken, state: { ...state, run: { ...state.run, epoch } } };
}

/** Which variables the machine happens to have makes it no other plan. */
function isSamePlan(stored: Plan, plan: Plan): boolean {
  const [a, b] = [stored, plan].map((one) => plain({ ...one, variablesHere: undefined }));
  return isDeepStrictEqual(a, b);
}

/** As it comes back from a store: without what is undefined. */
function plain(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}
