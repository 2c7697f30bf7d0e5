/**
 * The thread that writes the file of a run. SQLite blocks on the disk, which the control loop must
 * not.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { DrumlineError, messageOf } from '@drumline/model';
import { markIncomplete, requireComplete } from './incomplete.js';
import { takeOwnership, type Ownership } from './ownership.js';
import { whyUnwritable } from './problems.js';
import { RunFile } from './run-file.js';
import type { StoreChange } from './run-store.js';
import type { Problem, StoreAnswer, StoreOrder, StoreThreadData } from './store-messages.js';
import { FileGuard } from './file-guard.js';

/**
 * Pause between two transactions. Changes in the meantime share a transaction, so a thousand
 * workers cause no more transactions than one. Acknowledgements are delayed by at most this time
 * plus a write.
 */
const REST_MS = 50;
/** The least pause before changes of shared state, for which users wait. */
const SHARED_REST_MS = 1;

const port = parentPort!;
const { path, run } = workerData as StoreThreadData;
const answer = (message: StoreAnswer): void => port.postMessage(message);

let ownership: Ownership | undefined;
try {
  ownership = takeOwnership(path);
  if (!run) requireComplete(path);
  const file = run ? RunFile.create(path, run) : RunFile.open(path);
  serve(file, ownership);
  answer({ kind: 'opened', contents: run ? undefined : file.contents() });
} catch (error) {
  ownership?.release();
  answer({ kind: 'failed', problem: problemOf(error) });
  port.close();
}

function serve(file: RunFile, claim: Ownership): void {
  const guard = new FileGuard(path, claim);
  let waiting: Extract<StoreOrder, { kind: 'commit' }>[] = [];
  let timer: NodeJS.Timeout | undefined;
  let timerMs = Infinity;
  /** When the last transaction ended, and how long it took. */
  let [endedMs, tookMs] = [-Infinity, 0];

  /** Transactions for waiting users take half of the time at most. */
  const restMs = ({ shared }: StoreChange): number =>
    shared === undefined ? REST_MS : Math.min(REST_MS, Math.max(SHARED_REST_MS, tookMs));

  const schedule = (atMs: number): void => {
    if (atMs >= timerMs) return;
    clearTimeout(timer);
    timerMs = atMs;
    timer = setTimeout(flush, Math.max(0, atMs - performance.now()));
  };

  const flush = (): void => {
    clearTimeout(timer);
    timerMs = Infinity;
    const beganMs = performance.now();
    const group = waiting;
    const upTo = group.at(-1)?.id;
    if (upTo === undefined) return;
    waiting = [];
    try {
      const corrected = file.apply(group.map(({ change }) => change));
      guard.check();
      answer({ kind: 'committed', upTo, corrected });
    } catch (error) {
      markIncomplete(path);
      answer({ kind: 'committed', upTo, problem: problemOf(error) });
    }
    endedMs = performance.now();
    tookMs = endedMs - beganMs;
  };

  port.on('message', (order: StoreOrder) => {
    if (order.kind === 'commit') {
      waiting.push(order);
      schedule(endedMs + restMs(order.change));
      return;
    }
    flush();
    try {
      file.close();
    } finally {
      claim.release();
      port.close();
    }
  });
}

function problemOf(error: unknown): Problem {
  const known = error instanceof DrumlineError ? error : whyUnwritable(path, messageOf(error));
  return { exit: known.exit, message: known.message, hint: known.hint };
}
