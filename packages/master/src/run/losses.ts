import type { Millis } from '@drumline/model';
import type { LossResult } from '@drumline/wire';
import { usersSaid, type Exposure } from './exposure.js';
import type { WorkerRecord } from '../cluster/registry.js';

/** What a loss may have cost. Times are milliseconds since the start of the run. */
interface Uncounted {
  readonly fromMs: Millis;
  /** Then it had stopped at the latest. */
  readonly untilMs: Millis;
  /** Its busiest second of late, and more where the load was to grow; absent if nothing is known of it. */
  readonly perSecond?: number;
  /** Requests that may have been under way, seen by the target and not ended. */
  readonly inFlight: number;
}

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

/** A lane hands over what it has four times a second; on a busy machine it may be late. */
const LANE_LAG_MS = 1_000;

/** Who was lost in a run, and what that may have left uncounted. */
export class Losses {
  /** In the order in which they were found out; another array when something changes. */
  all: readonly Loss[] = [];

  /** Goes on from what another master knew. */
  takeUp(losses: readonly Loss[] = []): void {
    this.all = losses;
  }

  /** A worker is silent: it may be dead since its last word, or go on out there. */
  workerLost(worker: WorkerRecord, atMs: Millis, reason: string, exposure: Exposure): void {
    this.add({ ...whoOf(worker), atMs, reason, uncounted: uncountedOf(worker, exposure) });
  }

  /** A worker has ended, and what it said last is not all it had. */
  workerEnded(worker: WorkerRecord, atMs: Millis, reason: string): void {
    this.add({
      ...whoOf(worker),
      atMs,
      reason,
      uncounted: uncountedOf(worker, { untilMs: atMs, growth: 1, users: usersSaid(worker) ?? 0 }),
    });
  }

  /** Everything that these workers had counted up to their return is merged. */
  caughtUp(worker: WorkerRecord): void {
    this.all = this.all.map((loss) =>
      loss.worker === worker.id && loss.lane === undefined ? complete(loss) : loss,
    );
  }

  /** @param silentMs for how long the lane had said nothing */
  laneLost(
    worker: WorkerRecord,
    lane: number,
    atMs: Millis,
    reason: string,
    { countsComplete, silentMs = 0 }: { countsComplete: boolean; silentMs?: Millis },
  ): void {
    const loss = { ...whoOf(worker), lane, atMs, reason };
    if (countsComplete) return this.add(loss);
    const perSecond = worker.pace.perSecond;
    this.add({
      ...loss,
      uncounted: {
        fromMs: Math.max(0, atMs - silentMs - LANE_LAG_MS),
        untilMs: atMs,
        ...(perSecond !== undefined && { perSecond }),
        inFlight: worker.health?.lanes.find((health) => health.lane === lane)?.users ?? 0,
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

  /** As the result has it. @param at tells the wall clock at a time since the start */
  results(at: (ms: Millis) => string): LossResult[] {
    return this.all.map(({ worker, lane, host, atMs, reason, returned, uncounted }) => ({
      worker,
      ...(lane !== undefined && { lane }),
      host,
      at: at(atMs),
      reason,
      returned,
      ...(uncounted && { uncountedFrom: at(uncounted.fromMs), ...mostOf(uncounted) }),
    }));
  }

  private add(loss: Omit<Loss, 'returned'>): void {
    this.all = [...this.all, { ...loss, returned: false }];
  }
}

function uncountedOf({ pace }: WorkerRecord, { untilMs, growth, users }: Exposure): Uncounted {
  const { newestSecond = 0, perSecond } = pace;
  return {
    fromMs: newestSecond * 1_000,
    untilMs,
    ...(perSecond !== undefined && { perSecond: perSecond * growth }),
    inFlight: Math.ceil(users * growth),
  };
}

function whoOf({ id, hello }: WorkerRecord): Pick<Loss, 'worker' | 'host'> {
  return { worker: id, host: hello.host };
}

function complete(loss: Loss): Loss {
  const complete: { -readonly [F in keyof Loss]: Loss[F] } = { ...loss, returned: true };
  delete complete.uncounted;
  return complete;
}

function mostOf({ fromMs, untilMs, perSecond, inFlight }: Uncounted): Pick<LossResult, 'uncountedAtMost'> {
  if (perSecond === undefined) return {};
  const lastedMs = Math.max(0, untilMs - fromMs);
  return { uncountedAtMost: Math.ceil((perSecond * lastedMs) / 1_000) + inFlight };
}
