import { byId } from '@drumline/model';
import type { IntervalEvent } from '@drumline/stats';
import type { WorkerHistoriesView, WorkerHistoryQuery } from '@drumline/wire';
import type { Participant } from '../allocation/participant.js';
import type { Run } from '../run/run.js';
import { WorkerHistory } from './worker-history.js';

const DEFAULT_WORKERS = 20;

/** The workers of a run over its time, from when this master has led it. */
export class WorkerHistories {
  private readonly histories = new Map<Participant, WorkerHistory>();

  constructor(private readonly run: Pick<Run, 'participants' | 'intervals'>) {
    run.intervals.stream.subscribe('the histories of workers', (event) => this.take(event), Infinity);
  }

  view({ worker, limit = DEFAULT_WORKERS }: WorkerHistoryQuery): WorkerHistoriesView {
    const all = this.run.participants.all
      .filter(({ id, hello }) => worker === undefined || worker === id || worker === hello.name)
      .toSorted(byId);
    const workers = all.slice(0, limit).map((one) => ({
      id: one.id,
      name: one.hello.name,
      ...(this.histories.get(one) ?? new WorkerHistory()).view(),
    }));
    return { total: all.length, workers };
  }

  private take(event: IntervalEvent): void {
    if (event.type !== 'closed') return;
    for (const worker of this.run.participants.all) {
      const history = this.histories.get(worker) ?? new WorkerHistory();
      this.histories.set(worker, history);
      const { state, health, isPresent } = worker;
      history.add(event.second, { state, ...(isPresent && health && { health }) });
    }
  }
}
