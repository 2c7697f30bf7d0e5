import {
  peakUsers,
  placeInGroups,
  usersAt,
  userTypeSequence,
  type LoadProfile,
  type Millis,
  type Placement,
  type Plan,
} from '@drumline/model';
import type { Assignment } from '@drumline/wire';
import type { WorkerRecord } from './registry.js';
import type { StartedState, StoredRun } from '../store/run-store.js';

/** Who runs which users, under which load, since which epoch. */
export class Dispatch {
  epoch = 0;
  load: LoadProfile;
  /** Which users each lane has; another array when it changes. */
  shares: StoredRun['placement'] = [];
  pausedAtMs: Millis | null = null;
  pausedMs: Millis = 0;
  /** Groups whose users nobody runs at present: none of their lanes is left. */
  unservedGroups: readonly string[] = [];
  private placement: Placement = new Map();
  /** Workers that are gone and keep their users. */
  private readonly awaited = new Set<WorkerRecord>();
  private sequence: Uint16Array;

  constructor(
    private readonly runId: string,
    private readonly plan: Plan,
  ) {
    this.load = plan.load;
    this.sequence = userTypeSequence(plan.userTypes, peakUsers(plan.load));
  }

  /** Goes on from where another master had placed the users. */
  takeUp({ epoch, load, placement, clock }: StartedState['run']): void {
    this.epoch = epoch;
    this.changeLoad(load);
    this.placement = new Map(placement);
    this.shares = placement;
    this.pausedMs = clock.pausedBeforeMs;
    if (clock.pausedSinceMs !== undefined) this.pausedAtMs = clock.pausedSinceMs - clock.pausedBeforeMs;
  }

  /** Keeps the users of a worker that is gone for it, until it or one of its name is back. */
  await(worker: WorkerRecord): void {
    this.awaited.add(worker);
  }

  /** Whether users were placed on the worker. */
  has(worker: WorkerRecord): boolean {
    return worker.laneGroups.some((_, lane) => this.placement.has(laneId(worker, lane)));
  }

  /** How many of the first so many users were placed on the worker. */
  usersOn(worker: WorkerRecord, running: number): number {
    const users = worker.laneGroups.flatMap((_, lane) => this.placement.get(laneId(worker, lane)) ?? []);
    return users.filter((user) => user < running).length;
  }

  /** How many users the plan asks for at a time of the run; fixed counts may leave fewer than the load says. */
  plannedUsers(runMs: Millis): number {
    return Math.min(usersAt(this.load, runMs), this.sequence.length);
  }

  /** The load is another one from now on. */
  changeLoad(load: LoadProfile): void {
    this.load = load;
    const needed = Math.max(this.sequence.length, peakUsers(load));
    if (needed > this.sequence.length) this.sequence = userTypeSequence(this.plan.userTypes, needed);
  }

  /**
   * Places the users on the lanes of these workers, each within its group, moving as few as possible.
   * @returns the new epoch's assignment of each
   */
  place(workers: readonly WorkerRecord[]): { worker: WorkerRecord; assignment: Assignment }[] {
    this.epoch += 1;
    for (const worker of this.awaited) if (isReplaced(worker, workers)) this.awaited.delete(worker);
    const lanes = [...workers, ...this.awaited].flatMap((worker) =>
      worker.laneGroups.flatMap((group, lane) =>
        worker.brokenLanes.has(lane) ? [] : [{ id: laneId(worker, lane), capacity: 1, group }],
      ),
    );
    const served = new Set(lanes.map(({ group }) => group));
    this.unservedGroups = this.plan.laneGroups.map(({ name }) => name).filter((name) => !served.has(name));
    const groups = this.plan.userTypes.map(({ laneGroup }) => laneGroup);
    this.placement = placeInGroups(this.placement, this.sequence, groups, lanes);
    this.shares = [...this.placement];
    return workers.map((worker) => ({ worker, assignment: this.assignmentOf(worker) }));
  }

  /** Leaves all users where they are, under a new epoch: the load or its clock has changed. */
  keep(workers: readonly WorkerRecord[]): { worker: WorkerRecord; assignment: Assignment }[] {
    this.epoch += 1;
    return workers.map((worker) => ({ worker, assignment: this.assignmentOf(worker) }));
  }

  /** The share of a worker under the present epoch. */
  assignmentOf(worker: WorkerRecord): Assignment {
    const { runId, epoch, load, pausedAtMs, pausedMs } = this;
    return {
      type: 'assignment',
      runId,
      epoch,
      load: { fromUsers: load.fromUsers, stages: [...load.stages] },
      pausedAtMs,
      pausedMs,
      lanes: worker.laneGroups.map((_, lane) => ({
        lane,
        users: [...(this.placement.get(laneId(worker, lane)) ?? [])],
      })),
    };
  }
}

/** Whether there is no need to wait for a worker any more. */
function isReplaced({ machine, hello }: WorkerRecord, workers: readonly WorkerRecord[]): boolean {
  return machine.state === 'left' || workers.some((other) => other.hello.name === hello.name);
}

function laneId(worker: WorkerRecord, lane: number): string {
  return `${worker.id}/${lane}`;
}
