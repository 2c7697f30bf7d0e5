import type { Millis, Steps } from '@drumline/model';
import { monotonicMs } from '@drumline/wire/monotonic';
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
    /** The workers whose lanes hand slots over by themselves, if they have any. */
    readonly holding: readonly Participant[];
    /** Those of the running workers that hand over everything, because they leave. */
    readonly handingOver: ReadonlySet<Participant>;
  };
  readonly cluster: Pick<Cluster, 'send'>;
  /**
   * Called after each placement of users. Resolves when another master would know of it.
   * @param changed the workers whose number of users has changed
   */
  readonly onPlaced: (changed: ReadonlySet<Participant>) => Promise<void>;
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
  /** Placements up to this epoch are stored. */
  private storedEpoch: number;
  /** The workers whose number of users has changed since the last placement. */
  private readonly recounted = new Set<Participant>();
  /** The run time of the last placement. Another master may have made it. */
  private recordedMs: Millis = 0;
  /** Set until the first placement of a new run. */
  private onFirstPlaced: (() => void) | undefined;
  private isOver = false;

  /** Continues the placement of a run that another master began. */
  constructor(
    private readonly parts: PlacementParts,
    /** Resolves when another master could resume the run. No worker starts before. */
    private kept: Promise<void> = Promise.resolve(),
  ) {
    this.storedEpoch = parts.dispatch.epoch;
  }

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

  /** The present run time; 0 before the start. */
  get runMs(): Millis {
    const { pausedAtMs, pausedMs } = this.parts.dispatch;
    return Math.max(0, pausedAtMs ?? monotonicMs() - this.parts.start.startAtMs - pausedMs);
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
    const { running, holding, inReconnectGrace, handingOver } = workers;
    if (inReconnectGrace) return dispatch.keep(running, this.runMs);
    this.recordMost();
    return yield* dispatch.placing(running, this.runMs, { leaving: handingOver, holding });
  }

  private placed(changed: readonly Participant[]): void {
    const { dispatch, workers } = this.parts;
    for (const worker of workers.running) worker.hadUsers ||= dispatch.has(worker);
    this.recordUsers();
    const isFirst = this.onFirstPlaced !== undefined;
    this.onFirstPlaced?.();
    this.onFirstPlaced = undefined;
    const { epoch } = dispatch;
    const stored = this.parts.onPlaced(this.recounted);
    this.recounted.clear();
    // No worker starts before the first placement is stored.
    if (isFirst && !dispatch.grantsSlots) return this.order(changed, epoch);
    // Another master must know what workers may run, and must not grant the same slots again.
    void stored.then(() => this.order(changed, epoch));
  }

  /** A ramp may have started more users since the last placement, and ended them again. */
  private recordMost(): void {
    const { dispatch, workers } = this.parts;
    const { runMs } = this;
    for (const worker of workers.holding)
      if (worker.raisePlaced(dispatch.mostUsersOn(worker, this.recordedMs, runMs)))
        this.recounted.add(worker);
  }

  /** Workers may run these users although their next orders name fewer. */
  private recordUsers(): void {
    const { dispatch, workers, start } = this.parts;
    const { runMs } = this;
    const elapsedMs = Math.max(0, monotonicMs() - start.startAtMs);
    this.recordedMs = runMs;
    for (const worker of workers.holding)
      if (worker.place(dispatch.usersOn(worker, runMs), elapsedMs)) this.recounted.add(worker);
  }

  private order(changed: readonly Participant[], epoch: number): void {
    if (this.isOver) return;
    this.storedEpoch = epoch;
    for (const worker of changed) this.orders.queue(worker);
  }

  private sendAssignment(worker: Participant): void {
    const epoch = this.parts.dispatch.epochOf(worker);
    // Orders of a newer epoch are sent when it is stored.
    if (worker.state !== 'running' || epoch === undefined || epoch > this.storedEpoch) return;
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
