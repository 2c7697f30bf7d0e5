import { byId } from '@drumline/model';
import type { WorkerHistoriesView, WorkerHistoryQuery, WorkerHistoryView } from '@drumline/wire';

const DEFAULT_WORKERS = 20;

/** A worker with its history, which is read only if it is shown. */
export interface FollowedWorker {
  readonly id: string;
  readonly hello: { readonly name: string };
  readonly history: { view(): Omit<WorkerHistoryView, 'id' | 'name'> };
}

/** Workers over the time of a run, in the format of the API. */
export function workerHistoriesView(
  all: readonly FollowedWorker[],
  { worker, limit = DEFAULT_WORKERS }: WorkerHistoryQuery,
): WorkerHistoriesView {
  const matching = all
    .filter(({ id, hello }) => worker === undefined || worker === id || worker === hello.name)
    .toSorted(byId);
  const workers = matching
    .slice(0, limit)
    .map(({ id, hello, history }) => ({ id, name: hello.name, ...history.view() }));
  return { total: matching.length, workers };
}
