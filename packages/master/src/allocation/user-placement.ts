import type { Millis, Steps } from '@drumline/model';
import type { Cluster } from '../cluster/cluster.js';
import type { Dispatch } from './dispatch.js';
import { LaneNumbers } from './lane-numbers.js';
import { OrderQueue } from './order-queue.js';
import { Placer } from './placer.js';
import type { Participant } from './participant.js';

/** When a run starts, and the value of its `setup`. */
export interface RunStart {
  /** On the master's monotonic clock, milliseconds. */
  readonly startAtMs: Millis;
  readonly setupResult: unknown;
}

/** What the placement depends on. */
interface PlacementParts {
  readonly runId: string;
  readonly dispatch: Dispatch;
  readonly start: RunStart;
  readonly workers: {
    /** The workers that take part in the run. */
    readonly running: readonly Participant[];
    /**
     * Whether workers of a resumed run may still come back. Users stay where they are until then.
     */
    readonly inReconnectGrace: boolean;
  };
  readonly cluster: Pick<Cluster, 'send'>;
  /** Called after each placement of users. */
  readonly onPlaced: () => void;
}

/**
 * Places the users of a started run on its workers. Sends each worker its users and the start time,
 * and repeats both until the worker acknowledges.
 */
export class UserPlacement {
  private readonly orders = new OrderQueue((worker) => this.sendAssignment(worker));
  private readonly placer = new Placer<readonly Participant[]>({
    begin: () => this.placing(),
    done: (changed) => this.placed(changed),
  });
  private readonly numbers = new LaneNumbers<Participant>();
  private onFirstPlaced: () => void = () => {};
  private isOver = false;

  /** Continues the placement of a run that another master began. */
  constructor(
    private readonly parts: PlacementParts,
    /** Resolves when another master could resume the run. No worker starts before. */
    private kept: Promise<void> = Promise.resolve(),
  ) {}

  /** @param save resolves when the run is stored, so that another master could resume it */
  static begin(parts: PlacementParts, save: () => Promise<void>): UserPlacement {
    const placement = new UserPlacement(parts);
    placement.kept = new Promise<void>((resolve) => (placement.onFirstPlaced = resolve)).then(save);
    placement.placer.request(0);
    for (const worker of parts.workers.running) placement.sendStart(worker);
    return placement;
  }

  /**
   * Requests a placement of the users on the running workers. Workers whose users or load changed
   * get new orders.
   */
  placeUsers(): void {
    if (!this.isOver) this.placer.request();
  }

  /** Adds a worker to the run. It gets users with the next placement. */
  admit(worker: Participant): void {
    this.sendStart(worker);
    if (this.parts.workers.inReconnectGrace) this.readmit(worker);
    else this.placeUsers();
  }

  /**
   * Repeats orders that the worker does not have. @param epoch that the worker reports; 0 if it has
   * no orders or no start
   */
  reconcile(worker: Participant, epoch: number): void {
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
  private readmit(worker: Participant): void {
    this.parts.dispatch.readmit(worker);
    this.orders.queue(worker);
  }

  private *placing(): Steps<readonly Participant[]> {
    const { dispatch, workers } = this.parts;
    const { running, inReconnectGrace } = workers;
    return inReconnectGrace ? dispatch.keep(running) : yield* dispatch.placing(running);
  }

  private placed(changed: readonly Participant[]): void {
    for (const worker of this.parts.workers.running) worker.hadUsers ||= this.parts.dispatch.has(worker);
    for (const worker of changed) this.orders.queue(worker);
    this.onFirstPlaced();
    this.parts.onPlaced();
  }

  private sendAssignment(worker: Participant): void {
    if (worker.state !== 'running' || this.parts.dispatch.epochOf(worker) === undefined) return;
    this.parts.cluster.send(worker.member, this.parts.dispatch.assignmentOf(worker));
  }

  private sendStart(worker: Participant): void {
    const { runId, start, cluster } = this.parts;
    this.numbers.add(worker);
    void this.kept.then(() => {
      const lanes = this.numbers.of(worker);
      if (!this.isOver) cluster.send(worker.member, { type: 'start', runId, ...start, lanes });
    });
  }
}
