import type { Millis } from '@drumline/model';
import type { LossResult } from '@drumline/wire';
import type { Exposure } from './exposure.js';
import { boundsOf, type Rate, type Uncounted } from './uncounted.js';
import type { WorkerRecord } from '../cluster/registry.js';

/** A worker or lane that was lost during the run. */
export interface Loss {
  readonly worker: string;
  /** Absent if the whole worker was lost. */
  readonly lane?: number;
  readonly host: string;
  readonly atMs: Millis;
  readonly reason: string;
  readonly returned: boolean;
  readonly uncounted?: Uncounted;
}

/** How a lane ended. */
interface LaneEnd {
  /** Whether it had handed over all its counts. */
  readonly countsComplete: boolean;
  /** Time since it last handed over its counts. */
  readonly uncountedMs: Millis;
  readonly users: number;
}

/** Records lost workers and lanes, and what may be uncounted because of them. */
export class Losses {
  /** In the order of their detection. Replaced by a new array on every change. */
  all: readonly Loss[] = [];

  /** Restores the losses that another master recorded. */
  restore(losses: readonly Loss[] = []): void {
    this.all = losses;
  }

  /**
   * Records a lost worker. It may have died after its last sign of life, may still run, or may have
   * ended without reporting everything.
   */
  workerLost(worker: WorkerRecord, atMs: Millis, reason: string, exposure: Exposure): void {
    const { users, ...rest } = exposure;
    const { rate } = worker.pace;
    const uncounted = { ...rest, ...(rate && { rate }), inFlight: users, lanes: worker.laneGroups.length };
    this.add({ ...whoOf(worker), atMs, reason, uncounted });
  }

  /** Records that everything the worker had counted is merged. */
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

  /** Whether anything may be uncounted. */
  get leaveSomethingUncounted(): boolean {
    return this.all.some(({ uncounted }) => uncounted);
  }

  /**
   * Formats the losses for the result.
   * @param at converts a time since the start to the wall clock
   * @param elsewhere the request rate of users around a time since the start
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
