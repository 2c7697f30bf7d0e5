import {
  countBelow,
  decodeUsers,
  encodeUsers,
  peakUsers,
  placingInGroups,
  usersAt,
  userTypeSequence,
  type LoadProfile,
  type Millis,
  type Placement,
  type Plan,
  type Steps,
} from '@drumline/model';
import type { Assignment } from '@drumline/wire';
import type { Participant } from './participant.js';

/** A placement as another master needs it to resume the run. */
export interface StoredPlacement {
  readonly epoch: number;
  readonly load: LoadProfile;
  /**
   * For each lane (`WORKER/LANE`) the indexes of its users, from `encodeUsers` in base64. Older
   * versions wrote lists.
   */
  readonly placement: readonly (readonly [lane: string, users: string | readonly number[]])[];
  readonly clock: {
    /** When the current pause began, milliseconds since the start; absent without a pause. */
    readonly pausedSinceMs?: Millis;
    readonly pausedBeforeMs: Millis;
  };
}

/** The load and its clock. */
type LoadOrder = Pick<Assignment, 'load' | 'pausedAtMs' | 'pausedMs'>;

/** Records which users run on which lane, under which load, since which epoch. */
export class Dispatch {
  epoch = 0;
  load: LoadProfile;
  /** The users of each lane. Replaced by a new array when they change. */
  shares: StoredPlacement['placement'] = [];
  pausedAtMs: Millis | null = null;
  pausedMs: Millis = 0;
  /** Lane groups without a working lane. Their users do not run at present. */
  unservedGroups: readonly string[] = [];
  private placement: Placement = new Map();
  /** Each lane's users, in the encoding that is sent and stored. */
  private encoded = new Map<string, { readonly users: readonly number[]; readonly bytes: Uint8Array }>();
  /** The load that the workers know: the load of the last epoch. */
  private order: LoadOrder;
  /**
   * The epoch in which the orders of each worker last changed. Workers that take no part are
   * absent.
   */
  private readonly changedIn = new Map<Participant, number>();
  /** Workers that are gone and keep their users, with the time until which they keep them. */
  private readonly awaited = new Map<Participant, Millis>();
  private sequence: Uint16Array;

  constructor(
    private readonly runId: string,
    private readonly plan: Plan,
  ) {
    this.load = plan.load;
    this.order = this.presentOrder;
    this.sequence = userTypeSequence(plan.userTypes, peakUsers(plan.load));
  }

  /** Resumes the placement of another master. */
  restore({ epoch, load, placement, clock }: StoredPlacement): void {
    this.epoch = epoch;
    this.changeLoad(load);
    const listOf = (users: string | readonly number[]): readonly number[] =>
      typeof users === 'string' ? decodeUsers(Buffer.from(users, 'base64')) : users;
    this.placement = new Map(placement.map(([lane, users]) => [lane, listOf(users)]));
    for (const _ of this.encoding());
    this.pausedMs = clock.pausedBeforeMs;
    if (clock.pausedSinceMs !== undefined) this.pausedAtMs = clock.pausedSinceMs - clock.pausedBeforeMs;
    this.order = this.presentOrder;
  }

  /**
   * Keeps the users of a lost worker until it comes back or a worker of the same name joins.
   * @param untilMs the latest time to keep them, on the master's clock
   */
  await(worker: Participant, untilMs: Millis = Infinity): void {
    this.awaited.set(worker, untilMs);
  }

  /**
   * Stops waiting for workers whose time is up. @returns whether there were any, so that users must
   * be placed again
   */
  giveUpOverdue(nowMs: Millis): boolean {
    const overdue = [...this.awaited].filter(([, untilMs]) => untilMs <= nowMs);
    for (const [worker] of overdue) this.awaited.delete(worker);
    return overdue.length > 0;
  }

  /** Whether any users are placed on the worker. */
  has(worker: Participant): boolean {
    return worker.laneGroups.some((_, lane) => this.placement.has(laneId(worker, lane)));
  }

  /** @returns how many of the first `running` users are placed on the worker */
  usersOn(worker: Participant, running: number): number {
    return worker.laneGroups.reduce((sum, _, lane) => sum + this.usersOnLane(worker, lane, running), 0);
  }

  /** @returns how many of the first `running` users are placed on the lane */
  usersOnLane(worker: Participant, lane: number, running: number): number {
    return countBelow(this.placement.get(laneId(worker, lane)) ?? [], running);
  }

  /** @returns how many of the first `planned` users are placed on present workers */
  placedUsers(planned: number): number {
    if (this.changedIn.size === 0) return 0;
    const waiting = [...this.awaited.keys()].reduce((sum, worker) => sum + this.usersOn(worker, planned), 0);
    if (this.unservedGroups.length === 0) return planned - waiting;
    const unserved = this.plan.userTypes.map(({ laneGroup }) => this.unservedGroups.includes(laneGroup));
    return this.sequence.subarray(0, planned).filter((type) => !unserved[type]).length - waiting;
  }

  /**
   * How many users the plan asks for at a time of the run. Fixed counts may allow fewer than the
   * load asks for.
   */
  plannedUsers(runMs: Millis): number {
    return Math.min(usersAt(this.load, runMs), this.sequence.length);
  }

  /** Replaces the load from now on. Workers get it with the next epoch. */
  changeLoad(load: LoadProfile): void {
    this.load = load;
    const needed = Math.max(this.sequence.length, peakUsers(load));
    if (needed > this.sequence.length) this.sequence = userTypeSequence(this.plan.userTypes, needed);
  }

  /**
   * Places the users on the lanes of these workers, each user within its lane group. Moves as few
   * users as possible. The last step begins a new epoch.
   * @returns the workers whose orders have changed
   */
  *placing(workers: readonly Participant[]): Steps<Participant[]> {
    for (const worker of this.awaited.keys()) if (isReplaced(worker, workers)) this.awaited.delete(worker);
    const lanes = [...workers, ...this.awaited.keys()].flatMap((worker) =>
      worker.laneGroups.flatMap((group, lane) =>
        worker.brokenLanes.has(lane) ? [] : [{ id: laneId(worker, lane), capacity: 1, group }],
      ),
    );
    const groups = this.plan.userTypes.map(({ laneGroup }) => laneGroup);
    const before = this.placement;
    const placement = yield* placingInGroups(before, this.sequence, groups, lanes);
    const served = new Set(lanes.map(({ group }) => group));
    this.unservedGroups = this.plan.laneGroups.map(({ name }) => name).filter((name) => !served.has(name));
    this.placement = placement;
    yield* this.encoding();
    return this.beginEpoch(workers, (id) => before.get(id) !== placement.get(id));
  }

  /** Leaves all users where they are. @returns all workers, because each gets its orders again */
  keep(workers: readonly Participant[]): Participant[] {
    this.changedIn.clear();
    return this.beginEpoch(workers, () => true);
  }

  /** The epoch of the current orders of a worker; undefined if it has none. */
  epochOf(worker: Participant): number | undefined {
    return this.changedIn.get(worker);
  }

  /** Lets the worker take part again with its current users. */
  readmit(worker: Participant): void {
    this.changedIn.set(worker, this.epoch);
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
        users: this.encoded.get(laneId(worker, lane))?.bytes ?? NO_USERS,
      })),
    };
  }

  private get presentOrder(): LoadOrder {
    const { load, pausedAtMs, pausedMs } = this;
    return { load: { fromUsers: load.fromUsers, stages: [...load.stages] }, pausedAtMs, pausedMs };
  }

  private beginEpoch(workers: readonly Participant[], isOther: (lane: string) => boolean): Participant[] {
    this.epoch += 1;
    const order = this.presentOrder;
    const sameOrder = JSON.stringify(order) === JSON.stringify(this.order);
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

  /** Encodes the lists that have changed. */
  private *encoding(): Steps<void> {
    const encoded: typeof this.encoded = new Map();
    const shares: (readonly [string, string])[] = [];
    for (const [id, users] of this.placement) {
      const before = this.encoded.get(id);
      const entry = before?.users === users ? before : { users, bytes: encodeUsers(users) };
      encoded.set(id, entry);
      shares.push([id, Buffer.from(entry.bytes).toString('base64')]);
      yield;
    }
    this.encoded = encoded;
    this.shares = shares;
  }
}

const NO_USERS = new Uint8Array(0);

/** Whether a worker has left, or another worker has taken its name. */
function isReplaced({ state, hello }: Participant, workers: readonly Participant[]): boolean {
  return state === 'left' || workers.some((other) => other.hello.name === hello.name);
}

function laneId(worker: Participant, lane: number): string {
  return `${worker.id}/${lane}`;
}
