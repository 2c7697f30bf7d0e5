import type { WorkerHistoriesView, WorkerHistoryQuery, WorkerView } from '@drumline/wire';
import { answerOfThread } from '../store/thread-answer.js';

/** Start parameters of the thread that reads the workers of a run file. */
export interface PastWorkersOrder {
  readonly path: string;
  /** Which histories to read; absent: the workers as a list. */
  readonly histories?: WorkerHistoryQuery;
}

/** The workers of a stored run. @throws DrumlineError `usage` if the file cannot be read */
export async function readPastWorkers(path: string): Promise<WorkerView[]> {
  return await read({ path });
}

/**
 * The histories of the workers of a stored run.
 * @throws DrumlineError `usage` if the file cannot be read
 */
export async function readPastHistories(
  path: string,
  histories: WorkerHistoryQuery,
): Promise<WorkerHistoriesView> {
  return await read({ path, histories });
}

async function read<T>(order: PastWorkersOrder): Promise<T> {
  return await answerOfThread(new URL('./past-workers-thread.js', import.meta.url), order);
}
