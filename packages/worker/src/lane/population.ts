import {
  countBelow,
  nextChangeAt,
  profileDurationMs,
  usersAt,
  type LoadProfile,
  type Millis,
} from '@drumline/model';

/** The users of a lane, and the load that they follow. */
export interface UsersAssignment {
  readonly epoch: number;
  readonly load: LoadProfile;
  readonly pausedAtMs: Millis | null;
  readonly pausedMs: Millis;
  readonly users: readonly number[];
}

/** A user, or a stand-in in tests. */
export interface Member {
  /** Ends after the current task. */
  stop(): void;
  /** Cuts off requests in flight and ends soon; `onStop` has a moment. */
  cut(): void;
  kill(): void;
  /** Whether it ended at its own request, so that no other user takes its place. */
  readonly retired: boolean;
  /** Resolves when it has ended for any reason. */
  readonly done: Promise<void>;
}

/** Clock and timers. Tests pass their own. */
export interface Timing {
  now(): Millis;
  after(delayMs: Millis, action: () => void): () => void;
}

/**
 * Maximum number of users started in one turn of the event loop, so that running users can
 * continue.
 */
const MAX_STARTS = 500;
/** Time within which members that were cut off end, milliseconds. */
const CUT_LIMIT_MS = 4_000;
/**
 * Maximum time to start users in one turn, milliseconds. The first request of each user opens a
 * connection.
 */
const MAX_STARTING_MS = 20;
/** Minimum time between two evaluations of the load. */
const MIN_STEP_MS = 5;

/**
 * Runs exactly the users of this lane that the load asks for: user `i` runs while the load is above
 * `i`. It follows the load profile without messages. Only changes of the assignment need one.
 */
export class Population {
  private readonly running = new Map<number, Member>();
  private readonly leaving = new Set<Member>();
  /** Users that ended at their own request while the load still asked for them. */
  private readonly retired = new Set<number>();
  private assignment: UsersAssignment | undefined;
  /** How many of the lane's users have been started. */
  private reached = 0;
  private startAtMs: Millis | undefined;
  private cancelTimer: () => void = () => {};
  private gate: { promise: Promise<void>; open: () => void } | undefined;
  private draining = false;

  constructor(
    private readonly spawn: (index: number) => Member,
    private readonly timing: Timing,
    private readonly stopTimeoutMs: Millis,
  ) {}

  /**
   * Running users that the load asks for. Users that finish their last task count only if all do.
   */
  get size(): number {
    return this.draining ? this.leaving.size : this.running.size;
  }

  /** All members that have not ended. */
  members(): Member[] {
    return [...this.running.values(), ...this.leaving];
  }

  /** Sets a newer assignment. Ignores older ones. */
  assign(assignment: UsersAssignment): void {
    if (this.draining || (this.assignment && assignment.epoch < this.assignment.epoch)) return;
    this.assignment = assignment;
    this.reached = 0;
    const owned = new Set(assignment.users);
    for (const index of this.running.keys()) if (!owned.has(index)) this.stopUser(index);
    this.setPaused(assignment.pausedAtMs !== null);
    this.follow();
  }

  /** Sets the common start time, which improves with the clock estimate. */
  startAt(startAtMs: Millis): void {
    this.startAtMs = startAtMs;
    this.follow();
  }

  /** Resolves when the run is not paused. Users await it before each task. */
  passGate(): Promise<void> | undefined {
    return this.gate?.promise;
  }

  /**
   * Stops all users for good. Those that are not done after the timeout are cut off. Resolves when
   * none is left.
   */
  async drain(stopTimeoutMs: Millis): Promise<void> {
    this.draining = true;
    await this.hold(stopTimeoutMs);
  }

  /** Stops all users like `drain`, until there is a new assignment. */
  async hold(stopTimeoutMs = this.stopTimeoutMs): Promise<void> {
    this.assignment = undefined;
    this.cancelTimer();
    this.setPaused(false);
    for (const index of this.running.keys()) this.stopUser(index);
    const leaving = [...this.leaving];
    if (await this.goneWithin(stopTimeoutMs, leaving)) return;
    for (const member of leaving) if (this.leaving.has(member)) member.cut();
    await this.goneWithin(CUT_LIMIT_MS, leaving);
  }

  private follow(): void {
    this.cancelTimer();
    if (this.draining || !this.assignment || this.startAtMs === undefined) return;
    const { users, load } = this.assignment;
    const runMs = this.runTimeMs(this.assignment, this.startAtMs);
    // The end of the plan needs no message: there may be no master to send one.
    if (runMs >= (profileDurationMs(load) ?? Infinity)) return void this.hold();
    const wanted = countBelow(users, usersAt(load, runMs));
    if (!this.startUpTo(wanted, users)) {
      this.cancelTimer = this.timing.after(0, () => this.follow());
      return;
    }
    this.stopFrom(wanted, users);
    const next = this.assignment.pausedAtMs === null ? nextCrossing(users, wanted, load, runMs) : null;
    if (next === null) return;
    this.cancelTimer = this.timing.after(Math.max(MIN_STEP_MS, next - runMs), () => this.follow());
  }

  /**
   * Starts users in order, a limited number per turn of the event loop. @returns whether all of
   * them run
   */
  private startUpTo(wanted: number, users: readonly number[]): boolean {
    const beganMs = this.timing.now();
    for (let started = 0; this.reached < wanted; this.reached += 1) {
      const index = users[this.reached]!;
      if (this.running.has(index) || this.retired.has(index)) continue;
      if (started === MAX_STARTS || this.timing.now() - beganMs > MAX_STARTING_MS) return false;
      this.startUser(index);
      started += 1;
    }
    return true;
  }

  private stopFrom(wanted: number, users: readonly number[]): void {
    // If all wanted users run, there are others only if there are too many or some have retired.
    if (this.running.size <= wanted && this.retired.size === 0) return;
    for (const index of users.slice(wanted)) {
      this.retired.delete(index);
      if (this.running.has(index)) this.stopUser(index);
    }
    this.reached = Math.min(this.reached, wanted);
  }

  private runTimeMs({ pausedAtMs, pausedMs }: UsersAssignment, startAtMs: Millis): Millis {
    return pausedAtMs ?? this.timing.now() - startAtMs - pausedMs;
  }

  private startUser(index: number): void {
    const member = this.spawn(index);
    this.running.set(index, member);
    void member.done.then(() => {
      this.leaving.delete(member);
      if (this.running.get(index) !== member) return;
      this.running.delete(index);
      if (member.retired) this.retired.add(index);
    });
  }

  private stopUser(index: number): void {
    const member = this.running.get(index)!;
    this.running.delete(index);
    this.leaving.add(member);
    member.stop();
  }

  private setPaused(paused: boolean): void {
    if (paused && !this.gate) {
      let open = (): void => {};
      const promise = new Promise<void>((resolve) => (open = resolve));
      this.gate = { promise, open };
    } else if (!paused) {
      this.gate?.open();
      this.gate = undefined;
    }
  }

  private async goneWithin(limitMs: Millis, members: readonly Member[]): Promise<boolean> {
    if (members.length === 0) return true;
    let cancel = (): void => {};
    const timedOut = new Promise<boolean>(
      (resolve) => (cancel = this.timing.after(limitMs, () => resolve(false))),
    );
    const gone = Promise.all(members.map((member) => member.done)).then(() => true);
    const areGone = await Promise.race([gone, timedOut]);
    cancel();
    return areGone;
  }
}

/** When the load next crosses a user of this lane. Most changes of the whole load do not. */
function nextCrossing(
  users: readonly number[],
  running: number,
  load: LoadProfile,
  fromMs: Millis,
): Millis | null {
  let atMs: Millis | null = fromMs;
  for (let looked = 0; looked < 64; looked += 1) {
    atMs = nextChangeAt(load, atMs);
    if (atMs === null || countBelow(users, usersAt(load, atMs)) !== running) return atMs;
  }
  return atMs;
}
