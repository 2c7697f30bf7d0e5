import {
  leasedTablesOf,
  NamedValues,
  RowLeases,
  SharedState,
  type Plan,
  type SharedBatch,
} from '@drumline/model';
import { LaneShared } from '../lane/shared/lane-shared.js';

/** The only client. */
const CLIENT = 'debug';

/** State that would be shared with other lanes, for a lane without a master. */
export class LocalShared {
  readonly lane = new LaneShared((batch) => this.answer(batch));
  private readonly state: SharedState;

  constructor({ tables }: Pick<Plan, 'tables'>) {
    this.state = new SharedState({
      rows: new RowLeases(leasedTablesOf(tables)),
      ...new NamedValues().handlers,
    });
  }

  /** Answers a batch in a later turn of the event loop. */
  private answer({ seq, ops }: SharedBatch): void {
    const answers = this.state.apply({ client: CLIENT, seq, ops }) ?? [];
    setImmediate(() => {
      this.lane.answer(seq, answers);
      for (const keys of this.state.takeNotices().values()) this.lane.wake([...keys]);
    });
  }
}
