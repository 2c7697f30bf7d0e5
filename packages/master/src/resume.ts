import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { DrumlineError, type Millis } from '@drumline/model';
import type { CheckedScenario } from '@drumline/scenario/project';
import { openRunStore, runsDirectory, type RunStore, type StoredState } from './store/index.js';
import type { StartedState } from './store/run-store.js';

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
 * @param id the beginning of its id; without one, the last that was written
 * @throws DrumlineError `usage` if there is none, `request-invalid` if it is over, belongs to a living master, or cannot be taken up
 */
export async function openRunToResume(dataDir: string, id?: string): Promise<TakenRun> {
  for (const path of runFiles(dataDir)) {
    if (id !== undefined && !path.includes(`-${id.slice(0, 8)}`)) continue;
    const taken = await openRunStore(path).catch((error: unknown) => {
      if (id !== undefined || !(error instanceof DrumlineError)) throw error;
    });
    if (!taken || (id !== undefined && !taken.state.run.runId.startsWith(id))) {
      await taken?.store.close();
      continue;
    }
    const problem = whyNot(taken.state);
    if (!problem) return await ours(taken);
    await taken.store.close();
    if (id !== undefined) throw problem;
  }
  throw new DrumlineError(
    'usage',
    id === undefined
      ? `There is no unfinished run in ${runsDirectory(dataDir)}.`
      : `There is no run ${id} in ${runsDirectory(dataDir)}.`,
    'See `drumline runs`, and name the directory with --data-dir.',
  );
}

/** Whether there may be a run that `openInterruptedRun` takes. */
export function mayBeInterrupted(dataDir: string): boolean {
  return recentFiles(dataDir).length > 0;
}

/**
 * Opens the run that a master before this one was in the midst of: the same scenario and plan, written to within the last ten
 * minutes, its master dead. So whatever starts a dead master again (systemd, Kubernetes) needs no other command line for it.
 */
export async function openInterruptedRun(
  dataDir: string,
  { bundle, plan }: CheckedScenario,
): Promise<TakenRun | undefined> {
  for (const path of recentFiles(dataDir)) {
    const taken = await openRunStore(path).catch(() => undefined);
    if (!taken) continue;
    const { run } = taken.state;
    const isSame = run.bundle.id === bundle.id && isDeepStrictEqual(plain(run.plan), plain(plan));
    if (isSame && !whyNot(taken.state)) return await ours(taken);
    await taken.store.close();
  }
  return undefined;
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
async function ours({ state, store }: TakenRun): Promise<TakenRun> {
  const epoch = state.run.epoch + EPOCH_LEAP;
  // A store that fails is noted with the first commit of the run itself.
  await store.commit({ run: { epoch } }).catch(() => {});
  return { state: { ...state, run: { ...state.run, epoch } }, store };
}

/** As it comes back from a store: without what is undefined. */
function plain(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}

function recentFiles(dataDir: string): string[] {
  return runFiles(dataDir).filter((path) => Date.now() - writtenAtMs(path) < RESTARTED_WITHIN_MS);
}

/** The last that was written first. */
function runFiles(dataDir: string): string[] {
  const directory = runsDirectory(dataDir);
  return namesIn(directory)
    .filter((name) => name.endsWith('.db'))
    .map((name) => join(directory, name))
    .sort((a, b) => writtenAtMs(b) - writtenAtMs(a));
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Commits go to the log beside the file. */
function writtenAtMs(path: string): Millis {
  const times = [path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return Math.max(...times);
}
