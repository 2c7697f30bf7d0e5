import type { ClientId, SharedHandler, SharedHost } from '../shared-handler.js';
import type { Budget } from './budget.js';
import {
  MAX_SHARED_ENTRIES,
  MAX_SHARED_NAMES,
  queueKey,
  type QueueAnswer,
  type QueueOp,
} from './value-ops.js';

/** Values with consecutive numbers: those from `first` to before `next` are in the queue. */
interface Queue {
  readonly values: Map<number, string>;
  first: number;
  next: number;
}

/** Queues whose values lanes take, each once. */
export class Queues implements SharedHandler<QueueOp, QueueAnswer> {
  private readonly queues = new Map<string, Queue>();

  constructor(private readonly budget: Budget) {}

  /** The number of values in each queue. */
  get lengths(): ReadonlyMap<string, number> {
    return new Map([...this.queues].map(([name, { values }]) => [name, values.size]));
  }

  apply(op: QueueOp, _client: ClientId, host: SharedHost): QueueAnswer {
    const { name, json = 'null' } = op;
    const queue = this.queues.get(name) ?? { values: new Map(), first: 0, next: 0 };
    if (!this.queues.has(name)) {
      if (this.queues.size >= MAX_SHARED_NAMES) return { refused: 'names' };
      this.queues.set(name, queue);
    }
    switch (op.do) {
      case 'push':
        if (queue.values.size >= MAX_SHARED_ENTRIES) return { refused: 'entries' };
        if (!this.budget.has(json.length)) return { refused: 'characters' };
        this.put(queue, queue.next, json);
        host.keep(keyOf(name, queue.next - 1), json);
        host.wake(queueKey(name), 1);
        return { length: queue.values.size };
      case 'pop':
        return this.pop(name, queue, op.waits === true, host);
      case 'length':
        return { length: queue.values.size };
    }
  }

  restore(key: string, value: unknown): void {
    const [name, number] = JSON.parse(key) as [string, number];
    const queue = this.queues.get(name) ?? { values: new Map(), first: number, next: number };
    this.queues.set(name, queue);
    this.put(queue, number, value as string);
  }

  private put(queue: Queue, number: number, json: string): void {
    queue.values.set(number, json);
    queue.first = Math.min(queue.first, number);
    queue.next = Math.max(queue.next, number + 1);
    this.budget.change(json.length);
  }

  private pop(name: string, queue: Queue, waits: boolean, host: SharedHost): QueueAnswer {
    const json = queue.values.get(queue.first);
    if (json === undefined) {
      if (waits) host.wait(queueKey(name));
      return { length: 0 };
    }
    queue.values.delete(queue.first);
    host.keep(keyOf(name, queue.first), undefined);
    queue.first += 1;
    this.budget.change(-json.length);
    return { length: queue.values.size, json };
  }
}

function keyOf(name: string, number: number): string {
  return JSON.stringify([name, number]);
}
