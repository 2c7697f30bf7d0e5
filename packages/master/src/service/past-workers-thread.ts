/** The thread that reads the workers of a run file, and their histories. */
import { workerData } from 'node:worker_threads';
import { byId } from '@drumline/model';
import { WorkerHistory } from '../allocation/worker-history.js';
import { workerResultOf } from '../report/result.js';
import { decodeHistory } from '../store/history-rows.js';
import { readSnapshot } from '../store/snapshot.js';
import { answer } from '../store/thread-answer.js';
import { endedWorkerView } from './ended-worker.js';
import type { PastWorkersOrder } from './past-workers.js';
import { workerHistoriesView } from './worker-histories.js';

const { path, histories } = workerData as PastWorkersOrder;
answer(() => {
  const stored = readSnapshot(path, (file) => ({ ...file.workers(), result: file.result() }));
  const encoded = new Map(stored.histories);
  const historyOf = (peer: string): WorkerHistory => {
    const history = new WorkerHistory();
    const bytes = encoded.get(peer);
    if (bytes) history.restore(decodeHistory(bytes));
    return history;
  };
  if (!histories) {
    const results = new Map(stored.result?.workers.map((worker) => [worker.id, worker]));
    return stored.workers
      .map((worker) => {
        const { id, hello, peer } = worker;
        return endedWorkerView(results.get(id) ?? workerResultOf(worker), hello, historyOf(peer));
      })
      .sort(byId);
  }
  const workers = stored.workers.map(({ id, hello, peer }) => {
    return { id, hello, history: { view: () => historyOf(peer).view() } };
  });
  return workerHistoriesView(workers, histories);
});
