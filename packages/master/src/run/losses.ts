import type { Millis } from '@drumline/model';
import type { LossResult } from '@drumline/wire';
import type { Exposure } from './exposure.js';
import { boundsOf, type Rate, type Uncounted } from './uncounted.js';
import type { WorkerRecord } from '../cluster/registry.js';

/** A worker or lane that was lost in mid-run. */
export interface Loss {
  readonly worker: string;
  /** Absent of a whole worker. */
  readonly lane?: number;
  readonly host: string;
  readonly atMs: Millis;
  readonly reason: string;
  readonly returned: boolean;
  /** Absent if everything is counted. */
  readonly uncounted?: Uncounted;
}

/** How a lane ended. */
interface LaneEnd {
  /** Whether it had handed over everything. */
  readonly countsComplete: boolean;
  /** For how long it had handed over nothing. */
  readonly uncountedMs: Millis;
  /** Users that it ran. */
  readonly users: number;
}

/** Who was lost in a run, and what that may have left uncounted. */
export class Losses {
  /** In the order in which they were found out; another array when something changes. */
  all: readonly Loss[] = [];

  /** Goes on from what another master knew. */
  takeUp(losses: readonly Loss[] = []): void {
    this.all = losses;
  }

  /**
   * Records a lost worker: it may have died after its last sign of life, may still run, or may have
   * ended without reporting everything.
   */
  workerLost(worker: WorkerRecord, atMs: Millis, reason: string, exposure: Exposure): void {
    const { users, ...rest } = exposure;
    const { rate } = worker.pace;
    const uncounted = { ...rest, ...(rate && { rate }), inFlight: users, lanes: worker.laneGroups.length };
    this.add({ ...whoOf(worker), atMs, reason, uncounted });
  }

  /** Everything that these workers had counted up to their return is merged. */
  caughtUp(worker: WorkerRecord): void {
    this.all = this.all.map((loss) =>
      loss.worker === worker.id && loss.lane === undefined ? complete(loss) : loss,
    );
  }

  laneLost(
    worker: WorkerRecord,
    lane: number,
    atMs: Millis,
    reason: string,
    { countsComplete, uncountedMs, users }: LaneEnd,
  ): void {
    const loss = { ...whoOf(worker), lane, atMs, reason };
    if (countsComplete) return this.add(loss);
    const fromMs = Math.max(0, atMs - uncountedMs);
    const userSeconds = (users * (atMs - fromMs)) / 1_000;
    const { rate } = worker.pace;
    this.add({
      ...loss,
      uncounted: {
        fromMs,
        untilMs: atMs,
        userSeconds,
        likelyUserSeconds: userSeconds / 2,
        ...(rate && { rate }),
        inFlight: users,
        lanes: 1,
      },
    });
  }

  laneReturned(worker: WorkerRecord, lane: number): void {
    this.all = this.all.map((loss) =>
      loss.worker === worker.id && loss.lane === lane && !loss.uncounted ? complete(loss) : loss,
    );
  }

  /** Whether something may be missing of what workers did. */
  get leaveSomethingUncounted(): boolean {
    return this.all.some(({ uncounted }) => uncounted);
  }

  /**
   * As the result has it.
   * @param at tells the wall clock at a time since the start
   * @param elsewhere the rate of users about a time since the start
   */
  results(at: (ms: Millis) => string, elsewhere: (atMs: Millis) => Rate | undefined): LossResult[] {
    return this.all.map(({ worker, lane, host, atMs, reason, returned, uncounted }) => ({
      worker,
      ...(lane !== undefined && { lane }),
      host,
      at: at(atMs),
      reason,
      returned,
      ...(uncounted && {
        uncountedFrom: at(uncounted.fromMs),
        ...boundsOf(uncounted, elsewhere(uncounted.fromMs)),
      }),
    }));
  }

  private add(loss: Omit<Loss, 'returned'>): void {
    this.all = [...this.all, { ...loss, returned: false }];
  }
}

function whoOf({ id, hello }: WorkerRecord): Pick<Loss, 'worker' | 'host'> {
  return { worker: id, host: hello.host };
}

function complete(loss: Loss): Loss {
  const complete: { -readonly [F in keyof Loss]: Loss[F] } = { ...loss, returned: true };
  delete complete.uncounted;
  return complete;
}
