import { Budget } from './budget.js';
import { Counters } from './counters.js';
import { Maps } from './maps.js';
import { Queues } from './queues.js';

/** The values that scenarios share by name. */
export class NamedValues {
  private readonly budget = new Budget();
  private readonly counters = new Counters();
  private readonly queues = new Queues(this.budget);
  private readonly maps = new Maps(this.budget);

  /** Their handlers in a `SharedState`. */
  readonly handlers = { counter: this.counters, queue: this.queues, map: this.maps };
}
