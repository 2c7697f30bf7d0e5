import type { Aggregate } from '../intervals/aggregate.js';
import { RunRecord } from '../store/run-record.js';
import type { RunStore, StoredRun } from '../store/run-store.js';
import { StoreWriter } from '../store/store-writer.js';
import { storeLost } from './ending.js';
import type { NoteCollector } from './note-collector.js';
import { recordedRunOf } from './recorded-run.js';
import type { PlannedRun, StartedRun } from './started-run.js';

type KeptRun = Parameters<typeof recordedRunOf>[0] & {
  readonly started: Pick<StartedRun, 'clock'> | undefined;
  readonly aggregate: Aggregate;
  readonly notes: NoteCollector;
};

/** Stores a run while it goes on. A run whose store fails continues in memory. */
export class RunKeeper {
  readonly writer = new StoreWriter((why) => this.lose(why));

  constructor(
    private readonly run: KeptRun,
    private readonly log: (line: string) => void,
  ) {}

  /** Stores a new run from now on. @param make creates the store */
  begin(planned: PlannedRun, make: (run: StoredRun) => Promise<RunStore>): void {
    const record = this.recordOf(planned);
    this.writer.open(record, make(record.whole()));
  }

  /**
   * Continues with the store of another master.
   * @returns a function that begins to write, once the run is restored
   */
  continue(planned: PlannedRun, store: RunStore): () => void {
    const record = this.recordOf(planned);
    return () => this.writer.open(record, Promise.resolve(store));
  }

  private recordOf(planned: PlannedRun): RunRecord {
    const record = new RunRecord(recordedRunOf(this.run, planned));
    this.run.aggregate.journal = record;
    return record;
  }

  private lose(why: string): void {
    const message = storeLost(why, this.run.started?.clock.elapsedMs);
    this.run.notes.add('store-failed', message, 'store-failed');
    this.log(message);
  }
}
