import type { Millis } from '@drumline/model';
import type { Exposure } from './exposure.js';
import type { Loss, Uncounted } from '../allocation/loss.js';
import type { Participant } from '../allocation/participant.js';

/**
 * With this many losses, further ones of the same worker or lane are combined with its previous
 * one. So a worker that is lost again and again cannot fill the memory.
 */
const MAX_LOSSES = 500;

/** How a lane ended. */
interface LaneEnd {
  /** Whether it had handed over all its counts. */
  readonly countsComplete: boolean;
  /** Time since it last handed over its counts. */
  readonly uncountedMs: Millis;
  readonly users: number;
  /** Whether the load has a rate. */
  readonly hasRate: boolean;
  /** Starts that did not happen, or are not counted. */
  readonly starts: number;
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
    const { users, starts, ...rest } = exposure;
    const uncounted = { ...rest, inFlight: users, lanes: worker.laneGroups.length };
    this.add({ ...whoOf(worker), atMs, reason, uncounted, ...(starts > 0 && { starts }) });
  }

  /** Records starts that did not happen, although everything is counted. */
  startsLost(worker: Participant, atMs: Millis, reason: string, starts: number): void {
    if (starts > 0) this.add({ ...whoOf(worker), atMs, reason, starts });
  }

  /** From when on nothing of a lost worker is counted; undefined if it is not lost. */
  uncountedFromMs(worker: Participant): Millis | undefined {
    return this.lastOf(worker)?.uncounted?.fromMs;
  }

  /** The last loss of a worker left at least this many starts in doubt. */
  raiseStarts(worker: Participant, starts: number): void {
    const last = this.lastOf(worker);
    if (last && starts > (last.starts ?? 0))
      this.all = this.all.map((loss) => (loss === last ? { ...last, starts } : loss));
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
    { countsComplete, uncountedMs, users, hasRate, starts }: LaneEnd,
  ): void {
    const loss = { ...whoOf(worker), lane, atMs, reason, ...(starts > 0 && { starts }) };
    if (countsComplete) return this.add(loss);
    const fromMs = Math.max(0, atMs - uncountedMs);
    const seconds = (atMs - fromMs) / 1_000;
    // With a rate, the whole worker counts as one user.
    const userSeconds = hasRate ? seconds : users * seconds;
    const rate = hasRate ? worker.pace.perSecond : worker.pace.rate;
    this.add({
      ...loss,
      uncounted: {
        fromMs,
        untilMs: atMs,
        userSeconds,
        likelyUserSeconds: userSeconds / 2,
        ...(rate && { rate }),
        ...(hasRate && { asOneUser: true }),
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

  /** Whether anything may be uncounted, or starts are missing or happened twice. */
  get leaveDoubt(): boolean {
    return this.all.some(({ uncounted, starts }) => uncounted !== undefined || starts !== undefined);
  }

  /** The most starts that are missing, happened twice or are not counted. */
  get starts(): number {
    return this.all.reduce((sum, { starts = 0 }) => sum + starts, 0);
  }

  private lastOf({ id }: Participant): Loss | undefined {
    return this.all.findLast(({ worker, lane }) => worker === id && lane === undefined);
  }

  private add(one: Omit<Loss, 'returned'>): void {
    const loss = { ...one, returned: false };
    const before =
      this.all.length < MAX_LOSSES ? undefined : this.all.findLast((other) => isSame(other, loss));
    if (!before) this.all = [...this.all, loss];
    else this.all = [...this.all.filter((other) => other !== before), combined(before, loss)];
  }
}

function isSame(a: Loss, b: Loss): boolean {
  return a.worker === b.worker && a.lane === b.lane;
}

/** A loss that stands for both. It has no more certain counts than either. */
function combined(before: Loss, loss: Loss): Loss {
  const uncounted =
    before.uncounted && loss.uncounted
      ? sumOf(before.uncounted, loss.uncounted)
      : (before.uncounted ?? loss.uncounted);
  const starts = (before.starts ?? 0) + (loss.starts ?? 0);
  const times = (before.times ?? 1) + 1;
  return { ...loss, times, ...(uncounted && { uncounted }), ...(starts > 0 && { starts }) };
}

/** The sum lasts as long as both. So it ends before the second one does. */
function sumOf(one: Uncounted, other: Uncounted): Uncounted {
  const rates = [one.rate, other.rate].filter((rate) => rate !== undefined);
  const fromMs = Math.min(one.fromMs, other.fromMs);
  return {
    fromMs,
    untilMs: fromMs + (one.untilMs - one.fromMs) + (other.untilMs - other.fromMs),
    userSeconds: one.userSeconds + other.userSeconds,
    likelyUserSeconds: one.likelyUserSeconds + other.likelyUserSeconds,
    ...(rates.length > 0 && {
      rate: {
        most: Math.max(...rates.map(({ most }) => most)),
        mean: Math.max(...rates.map(({ mean }) => mean)),
        sample: Math.min(...rates.map(({ sample }) => sample)),
      },
    }),
    ...(one.asOneUser && { asOneUser: true }),
    inFlight: one.inFlight + other.inFlight,
    lanes: Math.max(one.lanes, other.lanes),
  };
}

function whoOf({ id, hello }: Participant): Pick<Loss, 'worker' | 'host'> {
  return { worker: id, host: hello.host };
}

function complete(loss: Loss): Loss {
  const complete: { -readonly [F in keyof Loss]: Loss[F] } = { ...loss, returned: true };
  delete complete.uncounted;
  return complete;
}
