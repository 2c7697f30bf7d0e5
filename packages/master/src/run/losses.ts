import type { Millis } from '@drumline/model';
import type { Exposure } from './exposure.js';
import type { Loss } from '../allocation/loss.js';
import type { Participant } from '../allocation/participant.js';

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
  workerLost(worker: Participant, atMs: Millis, reason: string, exposure: Exposure): void {
    const { users, ...rest } = exposure;
    const { rate } = worker.pace;
    const uncounted = { ...rest, ...(rate && { rate }), inFlight: users, lanes: worker.laneGroups.length };
    this.add({ ...whoOf(worker), atMs, reason, uncounted });
  }

  /** Records that everything the worker had counted is merged. */
  caughtUp(worker: Participant): void {
    this.all = this.all.map((loss) =>
      loss.worker === worker.id && loss.lane === undefined ? complete(loss) : loss,
    );
  }

  laneLost(
    worker: Participant,
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

  laneReturned(worker: Participant, lane: number): void {
    this.all = this.all.map((loss) =>
      loss.worker === worker.id && loss.lane === lane && !loss.uncounted ? complete(loss) : loss,
    );
  }

  /** Whether anything may be uncounted. */
  get leaveSomethingUncounted(): boolean {
    return this.all.some(({ uncounted }) => uncounted);
  }

  private add(loss: Omit<Loss, 'returned'>): void {
    this.all = [...this.all, { ...loss, returned: false }];
  }
}

function whoOf({ id, hello }: Participant): Pick<Loss, 'worker' | 'host'> {
  return { worker: id, host: hello.host };
}

function complete(loss: Loss): Loss {
  const complete: { -readonly [F in keyof Loss]: Loss[F] } = { ...loss, returned: true };
  delete complete.uncounted;
  return complete;
}
