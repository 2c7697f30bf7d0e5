import { decodeUsers, isOpen, type Load, type Millis, type Plan, type Steps } from '@drumline/model';
import type { Assignment, Heartbeat, Release } from '@drumline/wire';
import { AwaitedWorkers } from './awaited-workers.js';
import { laneId, lanesOf, openLanes } from './lane-ids.js';
import { OrderHistory, type LoadOrder } from './order-history.js';
import type { Participant } from './participant.js';
import { grantIds } from './grant-ids.js';
import type { PlacedPart, SkippedStarts, StoredShare } from './placed-part.js';
import { usersOnWorker } from './on-lanes.js';
import { SlotsPlacement } from './slots-placement.js';
import { UsersPlacement } from './users-placement.js';
import { WorkerStarts } from './worker-starts.js';

/** A placement as another master needs it to resume the run. */
export interface StoredPlacement {
  readonly epoch: number;
  readonly load: Load;
  /** For each part of the load, the shares of its lanes. */
  readonly placement: readonly (readonly StoredShare[])[];
  readonly clock: {
    /** When the current pause began, milliseconds since the start; absent without a pause. */
    readonly pausedSinceMs?: Millis;
    readonly pausedBeforeMs: Millis;
  };
}

/**
 * Slots change their lane this long after the order to do so, in run time. By then both lanes know.
 */
const SWITCH_AHEAD_MS: Millis = 1_000;
/** Workers that get nothing in a placement. */
interface OtherWorkers {
  /** They hand over everything. */
  readonly leaving: ReadonlySet<Participant>;
  /** Their lanes hand over what they have by themselves, if they have anything. */
  readonly holding: readonly Participant[];
}

/** Records which users run on which lane, under which load, since which epoch. */
export class Dispatch {
  epoch = 0;
  load: Load;
  /** The items of each lane. Replaced by a new array when they change. */
  shares: StoredPlacement['placement'];
  pausedAtMs: Millis | null = null;
  pausedMs: Millis = 0;
  /** Lane groups without a working lane. Their users do not run at present. */
  unservedGroups: readonly string[] = [];
  private readonly parts: readonly PlacedPart[];
  /** The load that the workers know: the load of the last epoch. */
  private order: LoadOrder;
  private readonly history = new OrderHistory();
  /**
   * The epoch in which the orders of each worker last changed. Workers that take no part are
   * absent.
   */
  private readonly changedIn = new Map<Participant, number>();
  /** Workers that are gone and keep their users. */
  readonly awaited = new AwaitedWorkers();
  /** Bounds of the starts that are due on the slots of workers. */
  readonly starts: WorkerStarts;

  constructor(
    private readonly runId: string,
    private readonly plan: Plan,
  ) {
    this.load = plan.load;
    this.parts = plan.load.parts.map((part) =>
      part.workload.kind === 'users' ? new UsersPlacement(part, plan) : new SlotsPlacement(part, plan),
    );
    this.starts = new WorkerStarts(this.parts, this.history);
    this.shares = this.parts.map(({ stored }) => stored);
    this.order = this.presentOrder;
  }

  /** Resumes the placement of another master. */
  restore({ epoch, load, placement, clock }: StoredPlacement): void {
    this.changeLoad(load, 0);
    this.epoch = epoch;
    this.parts.forEach((part, index) => part.restore(placement[index] ?? []));
    this.shares = placement;
    this.pausedMs = clock.pausedBeforeMs;
    if (clock.pausedSinceMs !== undefined) this.pausedAtMs = clock.pausedSinceMs - clock.pausedBeforeMs;
    this.order = this.presentOrder;
  }

  /** Whether any users are placed on the worker. */
  has(worker: Participant): boolean {
    return worker.laneGroups.some((_, lane) => this.parts.some((part) => part.has(laneId(worker, lane))));
  }

  /** @returns how many users that the plan asks for at a time of the run are on the worker */
  usersOn(worker: Participant, runMs: Millis): number {
    return this.parts.reduce((sum, part) => sum + usersOnWorker(part, worker, part.plannedUsers(runMs)), 0);
  }

  /** @returns the most users that the plan asked for from a time to another, on the worker */
  mostUsersOn(worker: Participant, fromMs: Millis, toMs: Millis): number {
    const most = (part: PlacedPart): number => part.mostPlannedUsers(fromMs, toMs);
    return this.parts.reduce((sum, part) => sum + usersOnWorker(part, worker, most(part)), 0);
  }

  /** @returns how many users are placed on the lane, whether the plan asks for them or not */
  usersOnLane(worker: Participant, lane: number): number {
    return this.parts.reduce((sum, part) => sum + part.usersOn(laneId(worker, lane), Infinity), 0);
  }

  /** Takes the slots of a worker that is gone, unless others wait for it. */
  lose(worker: Participant, runMs: Millis): void {
    if (this.awaited.has(worker)) return;
    const lanes = new Set(lanesOf(worker));
    for (const part of this.parts) part.lose((lane) => lanes.has(lane), runMs);
  }

  /**
   * The starts that no lane was there for, since the last call. @param isOver whether no lane gets
   * slots any more
   */
  takeSkipped(runMs: Millis, isOver = false): readonly SkippedStarts[] {
    const skipped = this.parts.flatMap((part) => part.takeSkipped(runMs, isOver));
    if (skipped.length > 0) this.shares = this.parts.map(({ stored }) => stored);
    return skipped;
  }

  /** Whether some parts of the load have a rate. */
  get hasRate(): boolean {
    return this.load.parts.some(({ workload }) => isOpen(workload));
  }

  /** @returns how many users that the plan asks for are placed on present workers */
  placedUsers(runMs: Millis): number {
    if (this.changedIn.size === 0) return 0;
    const unserved = this.plan.userTypes.map(({ laneGroup }) => this.unservedGroups.includes(laneGroup));
    return this.parts.reduce((sum, part) => {
      const planned = part.plannedUsers(runMs);
      const served =
        this.unservedGroups.length === 0 ? planned : part.countTypes(planned, (type) => !unserved[type]);
      const waiting = this.awaited.all.map((worker) => usersOnWorker(part, worker, planned));
      return waiting.reduce((left, users) => left - users, sum + served);
    }, 0);
  }

  /**
   * How many users the plan asks for at a time of the run. Fixed counts may allow fewer than the
   * load asks for.
   */
  plannedUsers(runMs: Millis): number {
    return this.parts.reduce((sum, part) => sum + part.plannedUsers(runMs), 0);
  }

  /** Replaces the load from now on. Workers get it with the next epoch. */
  changeLoad(load: Load, runMs: Millis): void {
    this.load = load;
    this.parts.forEach((part, index) => part.change(load.parts[index]!, runMs, this.epoch + 1));
    this.shares = this.parts.map(({ stored }) => stored);
  }

  /**
   * Places the users on the lanes of these workers, each user within its lane group. Moves as few
   * users as possible. The last step begins a new epoch.
   * @param runMs the present run time
   * @param others workers that hand over everything, and those that do so by themselves
   * @returns the workers whose orders have changed
   */
  *placing(
    workers: readonly Participant[],
    runMs: Millis,
    { leaving, holding }: OtherWorkers = { leaving: new Set(), holding: [] },
  ): Steps<Participant[]> {
    this.awaited.replace(workers);
    const present = [...workers, ...this.awaited.all];
    const lanes = openLanes(present.filter((worker) => !leaving.has(worker)));
    const held = new Set([...present, ...holding].flatMap(lanesOf));
    const order = {
      lanes,
      keeping: new Set(this.awaited.all.flatMap(lanesOf)),
      leaving: new Set([...leaving].flatMap(lanesOf)),
      isGone: (lane: string) => !held.has(lane),
      runMs: Math.max(0, runMs),
      // Nothing is due in a pause.
      switchAtMs: Math.max(0, runMs) + (this.pausedAtMs === null ? SWITCH_AHEAD_MS : 0),
      nextId: grantIds(this.epoch + 1),
    };
    const changes: ((lane: string) => boolean)[] = [];
    for (const part of this.parts) changes.push(yield* part.placing(order));
    const served = new Set(lanes.map(({ group }) => group));
    this.unservedGroups = this.plan.laneGroups.map(({ name }) => name).filter((name) => !served.has(name));
    this.shares = this.parts.map(({ stored }) => stored);
    return this.beginEpoch(workers, runMs, (lane) => changes.some((isOther) => isOther(lane)));
  }

  /** Whether slots are granted, so that a placement must be stored before workers learn of it. */
  get grantsSlots(): boolean {
    return this.parts.some((part) => part instanceof SlotsPlacement);
  }

  /** Takes the answer of a lane of the worker. @returns whether another placement is needed */
  handOver(worker: Participant, { lane, part, grant, items, position }: Release): boolean {
    const answer = { lane: laneId(worker, lane), grant, items: decodeUsers(items), position };
    return this.parts[part]?.handOver(answer) ?? false;
  }

  /** A worker reports how far its lanes are. */
  hear(worker: Participant, { epoch, positions = [] }: Heartbeat, runMs: Millis): void {
    for (const { lane, part, ...reached } of positions) {
      const placed = this.parts[part];
      if (placed instanceof SlotsPlacement) placed.hear(laneId(worker, lane), reached, epoch, runMs);
    }
  }

  /** The parts whose fixed number of iterations have all ended, as indexes. */
  finishedParts(runMs: Millis): number[] {
    return this.parts.flatMap((part, index) =>
      part instanceof SlotsPlacement && part.hasRunAll(runMs) ? [index] : [],
    );
  }

  /** The run time up to which a leaving worker deals with slots; `Infinity` before it answers. */
  busyUntilMs(worker: Participant): Millis {
    const times = this.parts.flatMap((part) => lanesOf(worker).map((lane) => part.busyUntilMs(lane)));
    return Math.max(-Infinity, ...times);
  }

  /** Leaves all users where they are. @returns all workers, because each gets its orders again */
  keep(workers: readonly Participant[], runMs: Millis): Participant[] {
    this.changedIn.clear();
    return this.beginEpoch(workers, runMs, () => true);
  }

  /** The epoch of the current orders of a worker; undefined if it has none. */
  epochOf(worker: Participant): number | undefined {
    return this.changedIn.get(worker);
  }

  /** Lets the worker take part again with its current users. */
  readmit(worker: Participant): void {
    this.changedIn.set(worker, this.epoch);
  }

  /** Whether a worker knew of the last pause when it last sent a heartbeat. */
  knowsPause({ health }: Participant): boolean {
    const isTold = this.pausedAtMs === null || this.order.pausedAtMs !== null;
    return isTold && (health?.epoch ?? 0) >= this.history.pauseEpoch;
  }

  /** The current orders of a worker. */
  assignmentOf(worker: Participant): Assignment {
    const { runId, epoch, order } = this;
    return {
      type: 'assignment',
      runId,
      epoch: this.changedIn.get(worker) ?? epoch,
      ...order,
      lanes: worker.laneGroups.map((_, lane) => ({
        lane,
        shares: this.parts.flatMap((placed, part) =>
          placed.sharesOf(laneId(worker, lane)).map((share) => ({ part, ...share })),
        ),
      })),
    };
  }

  private get presentOrder(): LoadOrder {
    const { load, pausedAtMs, pausedMs } = this;
    return { load, pausedAtMs, pausedMs };
  }

  private beginEpoch(
    workers: readonly Participant[],
    runMs: Millis,
    isOther: (lane: string) => boolean,
  ): Participant[] {
    this.epoch += 1;
    const order = this.presentOrder;
    const sameOrder = JSON.stringify(order) === JSON.stringify(this.order);
    if (!sameOrder) this.history.add(this.epoch, runMs, this.order, order);
    this.order = order;
    const present = new Set(workers);
    for (const worker of this.changedIn.keys()) if (!present.has(worker)) this.changedIn.delete(worker);
    const changed = workers.filter(
      (worker) =>
        !sameOrder ||
        !this.changedIn.has(worker) ||
        worker.laneGroups.some((_, lane) => isOther(laneId(worker, lane))),
    );
    for (const worker of changed) this.changedIn.set(worker, this.epoch);
    return changed;
  }
}
