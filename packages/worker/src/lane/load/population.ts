import {
  countBelow,
  nextChangeAt,
  partTimeMs,
  profileDurationMs,
  usersAt,
  type LoadPart,
  type LoadProfile,
  type Millis,
} from '@drumline/model';
import type { LaneShare } from '../../lane-protocol.js';
import { Departures } from './departures.js';
import type { ItemTypes } from './item-types.js';
import type { Member } from './member.js';
import type { Part, PartSetup } from './part.js';

/**
 * Maximum number of users started in one turn of the event loop, so that running users can
 * continue.
 */
const MAX_STARTS = 500;
/**
 * Maximum time to start users in one turn, milliseconds. The first request of each user opens a
 * connection.
 */
const MAX_STARTING_MS = 20;
/** Minimum time between two evaluations of the load. */
const MIN_STEP_MS = 5;

/** The users of a lane, and the profile that they follow. */
interface Assignment {
  readonly part: LoadPart;
  readonly profile: LoadProfile;
  readonly users: readonly number[];
}

/**
 * Runs exactly the users of a closed part that the load asks for: user `i` runs while the load is
 * above `i`. It follows the load profile without messages. Only changes of the assignment need one.
 */
export class Population implements Part {
  readonly position = undefined;
  private readonly running = new Map<number, Member>();
  private readonly departures: Departures;
  /** Users that ended at their own request while the load still asked for them. */
  private readonly retired = new Set<number>();
  private assignment: Assignment | undefined;
  /** How many of the lane's users have been started. */
  private reached = 0;
  private cancelTimer: () => void = () => {};

  constructor(
    private readonly setup: PartSetup,
    private readonly types: ItemTypes,
  ) {
    this.departures = new Departures(setup.timing);
  }

  get size(): number {
    return this.running.size;
  }

  get leaving(): number {
    return this.departures.size;
  }

  members(): Member[] {
    return [...this.running.values(), ...this.departures.members()];
  }

  assign(part: LoadPart, shares: readonly LaneShare[]): readonly [] {
    const users = shares[0]?.items ?? [];
    if (part.workload.kind !== 'users') return [];
    this.assignment = { part, profile: part.workload.profile, users };
    this.reached = 0;
    const owned = new Set(users);
    for (const index of this.running.keys()) if (!owned.has(index)) this.stopUser(index);
    return [];
  }

  async hold(stopTimeoutMs: Millis): Promise<void> {
    this.assignment = undefined;
    this.cancelTimer();
    for (const index of this.running.keys()) this.stopUser(index);
    await this.departures.settle(stopTimeoutMs);
  }

  close(): void {}

  follow(): void {
    this.cancelTimer();
    const { clock, timing, stopTimeoutMs } = this.setup;
    const { runMs } = clock;
    if (!this.assignment || runMs === undefined) return;
    const { part, users, profile } = this.assignment;
    if (part.startMs === null) return;
    const partMs = partTimeMs(part, runMs);
    // The end of the plan needs no message: there may be no master to send one.
    if (partMs >= (profileDurationMs(profile) ?? Infinity)) return void this.hold(stopTimeoutMs);
    const wanted = countBelow(users, usersAt(profile, partMs));
    if (!this.startUpTo(wanted, users)) {
      this.cancelTimer = timing.after(0, () => this.follow());
      return;
    }
    this.stopFrom(wanted, users);
    const next = clock.pausedAtMs === null ? nextCrossing(users, wanted, profile, partMs) : null;
    if (next === null) return;
    this.cancelTimer = timing.after(Math.max(MIN_STEP_MS, next - partMs), () => this.follow());
  }

  /**
   * Starts users in order, a limited number per turn of the event loop. @returns whether all of
   * them run
   */
  private startUpTo(wanted: number, users: readonly number[]): boolean {
    const { timing } = this.setup;
    const beganMs = timing.now();
    for (let started = 0; this.reached < wanted; this.reached += 1) {
      const index = users[this.reached]!;
      if (this.running.has(index) || this.retired.has(index)) continue;
      if (started === MAX_STARTS || timing.now() - beganMs > MAX_STARTING_MS) return false;
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

  private startUser(index: number): void {
    const member = this.setup.host.spawn(index, this.types.of(index));
    this.running.set(index, member);
    void member.done.then(() => {
      if (this.running.get(index) !== member) return;
      this.running.delete(index);
      if (member.retired) this.retired.add(index);
    });
  }

  private stopUser(index: number): void {
    const member = this.running.get(index)!;
    this.running.delete(index);
    this.departures.add(member);
    member.stop();
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
