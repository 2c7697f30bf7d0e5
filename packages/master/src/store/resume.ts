import { statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { DrumlineError, type Millis, type Plan } from '@drumline/model';
import type { CheckedScenario } from '@drumline/scenario/project';
import { runFiles } from './catalogue.js';
import { findRun, listRuns, openRunStore, runsDirectory, type RunStore, type StoredState } from './index.js';
import type { StartedState } from './run-store.js';

/** A run that another master left unfinished: all that was committed, and its file, which is ours now. */
export interface TakenRun {
  readonly state: StoredState;
  readonly store: RunStore;
}

/** A master that is started again within this time of its last commit, on the same scenario, is taken for the same one. */
const RESTARTED_WITHIN_MS: Millis = 10 * 60_000;

/** More epochs than a master goes through between a commit and its death. */
const EPOCH_LEAP = 1_000_000;

/** Whether the run had been started: only then is there something to go on with. */
export function isStarted(state: StoredState): state is StartedState {
  return state.run.clock !== undefined;
}

/**
 * Opens an unfinished run whose master is dead, to take it up.
 * @param run its id or the beginning of it, the name of its file, or its scenario's; without it, the newest that can be taken up
 * @throws DrumlineError `usage` if there is none, `request-invalid` if it is over, belongs to a living master, or cannot be taken up
 */
export async function openRunToResume(dataDir: string, run?: string): Promise<TakenRun> {
  if (run !== undefined) {
    const taken = await openRunStore(findRun(dataDir, run));
    const problem = whyNot(taken.state);
    if (!problem) return await ours(taken);
    await taken.store.close();
    throw problem;
  }
  const newest = await firstOf(unfinishedRuns(dataDir), (state) => !whyNot(state));
  if (newest) return newest;
  throw new DrumlineError(
    'usage',
    `There is no unfinished run in ${runsDirectory(dataDir)} that could be taken up.`,
    '`drumline runs` lists the runs that there are; --data-dir names the directory that they are in.',
  );
}

/** Whether a master of this directory died a short while ago. */
export function hasInterruptedRun(dataDir: string): boolean {
  const isRecent = (path: string): boolean => Date.now() - writtenAtMs(path) < RESTARTED_WITHIN_MS;
  return runFiles(dataDir).some(isRecent) && unfinishedRuns(dataDir).some(isRecent);
}

/**
 * Opens the run that a master before this one was in the midst of: the same scenario and plan, written to within the last ten
 * minutes, its master dead. So whatever starts a dead master again (systemd, Kubernetes) needs no other command line for it.
 */
export async function openInterruptedRun(
  dataDir: string,
  { bundle, plan }: CheckedScenario,
): Promise<TakenRun | undefined> {
  return await firstOf(unfinishedRuns(dataDir), (state, writtenMs) => {
    if (Date.now() - writtenMs > RESTARTED_WITHIN_MS || whyNot(state)) return false;
    return state.run.bundle.id === bundle.id && isSamePlan(state.run.plan, plan);
  });
}

/** Opens the first run that is wanted. One that a living master has by now is not. */
async function firstOf(
  paths: readonly string[],
  isWanted: (state: StoredState, writtenMs: Millis) => boolean,
): Promise<TakenRun | undefined> {
  for (const path of paths) {
    const writtenMs = writtenAtMs(path);
    const taken = await openRunStore(path).catch(() => undefined);
    if (taken && isWanted(taken.state, writtenMs)) return await ours(taken);
    await taken?.store.close();
  }
  return undefined;
}

function unfinishedRuns(dataDir: string): string[] {
  return listRuns(dataDir).flatMap((run) => ('state' in run && run.state === 'unfinished' ? [run.path] : []));
}

function whyNot({ run }: StoredState): DrumlineError | undefined {
  if (['finished', 'aborted', 'failed'].includes(run.state)) {
    return new DrumlineError(
      'request-invalid',
      `The run ${run.runId} is over: it is ${run.state}.`,
      `\`drumline report ${run.runId}\` shows what came of it.`,
    );
  }
  if (!run.standalone) return undefined;
  return new DrumlineError(
    'request-invalid',
    `The run ${run.runId} was made by \`drumline run\`, whose workers end with it: there is nothing left to take up.`,
    `\`drumline report ${run.runId}\` shows what was counted. A run of \`drumline master\` and \`drumline worker\` can be taken up.`,
  );
}

/** Under an epoch that the master before cannot have come to; committed, so that the next one begins above it. */
export async function ours({ state, store }: TakenRun): Promise<TakenRun> {
  const epoch = state.run.epoch + EPOCH_LEAP;
  // A store that fails is noted with the first commit of the run itself.
  await store.commit({ run: { epoch } }).catch(() => {});
  return { state: { ...state, run: { ...state.run, epoch } }, store };
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

/** Commits go to the log beside the file. */
function writtenAtMs(path: string): Millis {
  const times = [path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return Math.max(...times);
}
