import type { Millis, Steps } from '@drumline/model';
import type { MasterLink } from '@drumline/wire';
import type { Dispatch } from './dispatch.js';
import { LaneNumbers } from './lane-numbers.js';
import { OrderQueue } from './order-queue.js';
import { Placer } from './placer.js';
import type { WorkerRecord } from './registry.js';

/** What an allocation depends on. */
export interface AllocationParts {
  readonly runId: string;
  readonly dispatch: Dispatch;
  readonly start: { readonly startAtMs: Millis; readonly setupResult: unknown };
  readonly workers: {
    /** The workers that take part in the run. */
    readonly running: readonly WorkerRecord[];
    /**
     * Whether workers of a resumed run may still come back. Users stay where they are until then.
     */
    readonly inReconnectGrace: boolean;
  };
  readonly link: Pick<MasterLink, 'send'>;
  /** Called after each placement of users. */
  readonly onPlaced: () => void;
}

/**
 * Places the users of a started run on its workers. Sends each worker its users and the start time,
 * and repeats both until the worker acknowledges.
 */
export class Allocation {
  private readonly orders = new OrderQueue((worker) => this.sendAssignment(worker));
  private readonly placer = new Placer<readonly WorkerRecord[]>({
    begin: () => this.placing(),
    done: (changed) => this.placed(changed),
  });
  private readonly numbers = new LaneNumbers<WorkerRecord>();
  private onFirstPlaced: () => void = () => {};
  private isOver = false;

  /** Creates the allocation of a run that another master began. */
  constructor(
    private readonly parts: AllocationParts,
    /** Resolves when another master could resume the run. No worker starts before. */
    private kept: Promise<void> = Promise.resolve(),
  ) {}

  /** @param save resolves when the run is stored, so that another master could resume it */
  static begin(parts: AllocationParts, save: () => Promise<void>): Allocation {
    const allocation = new Allocation(parts);
    allocation.kept = new Promise<void>((resolve) => (allocation.onFirstPlaced = resolve)).then(save);
    allocation.placer.request(0);
    for (const worker of parts.workers.running) allocation.sendStart(worker);
    return allocation;
  }

  /**
   * Requests a placement of the users on the running workers. Workers whose users or load changed
   * get new orders.
   */
  placeUsers(): void {
    if (!this.isOver) this.placer.request();
  }

  /** Adds a worker to the run. It gets users with the next placement. */
  admit(worker: WorkerRecord): void {
    this.sendStart(worker);
    if (this.parts.workers.inReconnectGrace) this.readmit(worker);
    else this.placeUsers();
  }

  /**
   * Repeats orders that the worker does not have. @param epoch that the worker reports; 0 if it has
   * no orders or no start
   */
  reconcile(worker: WorkerRecord, epoch: number): void {
    const wanted = this.parts.dispatch.epochOf(worker);
    if (wanted === undefined || wanted === epoch) return;
    if (this.orders.repeatIfDue(worker) && epoch === 0) this.sendStart(worker);
  }

  /** Stops placing users: the run ends. */
  close(): void {
    this.isOver = true;
    this.placer.close();
    this.orders.close();
  }

  /** Lets the worker keep its users. */
  private readmit(worker: WorkerRecord): void {
    this.parts.dispatch.readmit(worker);
    this.orders.queue(worker);
  }

  private *placing(): Steps<readonly WorkerRecord[]> {
    const { dispatch, workers } = this.parts;
    const { running, inReconnectGrace } = workers;
    return inReconnectGrace ? dispatch.keep(running) : yield* dispatch.placing(running);
  }

  private placed(changed: readonly WorkerRecord[]): void {
    for (const worker of this.parts.workers.running) worker.hadUsers ||= this.parts.dispatch.has(worker);
    for (const worker of changed) this.orders.queue(worker);
    this.onFirstPlaced();
    this.parts.onPlaced();
  }

  private sendAssignment(worker: WorkerRecord): void {
    if (worker.machine.state !== 'running' || this.parts.dispatch.epochOf(worker) === undefined) return;
    this.parts.link.send(worker.peer, this.parts.dispatch.assignmentOf(worker));
  }

  private sendStart(worker: WorkerRecord): void {
    const { runId, start, link } = this.parts;
    this.numbers.add(worker);
    void this.kept.then(() => {
      const lanes = this.numbers.of(worker);
      if (!this.isOver) link.send(worker.peer, { type: 'start', runId, ...start, lanes });
    });
  }
}
