import {
  startsOf,
  workloadDurationMs,
  type LoadPart,
  type Millis,
  type OpenWorkload,
  type Start,
} from '@drumline/model';
import type { LanePosition, LaneRelease, LaneShare } from '../../lane-protocol.js';
import { Departures } from './departures.js';
import { LaneStarts, type StartsRelease } from './lane-starts.js';
import type { GivenMember, Iteration, Member } from './member.js';
import type { Part, PartSetup } from './part.js';

/** The users of an open part. */
export interface OpenUsers {
  readonly size: number;
  /** Iterations under way, and those that wait for a user. */
  readonly active: number;
  members(): Member[];
  /** Sets the slots of the lane, which determine the limit of users. */
  setSlots(workload: OpenWorkload, slots: readonly number[], allSlots: number): void;
  /** Begins a start that is due, or drops it. */
  begin(start: Start, iteration: Iteration): void;
  /** Gives up starts that wait for a user. */
  skipWaiting(): void;
  /** Removes all users, which the caller tells to end. */
  release(): readonly GivenMember[];
}

/** The most starts in one turn of the event loop, so that running users can continue. */
const MAX_STARTS = 200;
/** Longer than any run. */
const MAX_RUN_MS: Millis = 366 * 24 * 3_600_000;
/** The longest time for starts in one turn. */
const MAX_STARTING_MS: Millis = 10;
/** The clock is read once for this many starts. */
const STARTS_PER_LOOK = 16;
/**
 * Timers fire at whole milliseconds. A start that is due within this time begins now, because the
 * next timer would be later by more.
 */
const EARLY_MS: Millis = 0.5;
/**
 * A user that becomes idle begins what is overdue by this much, because the timer has not fired.
 * With less, most starts would have a turn and a timer of their own.
 */
const OVERDUE_MS: Millis = 0.5;

/** Starts the arrivals or iterations of an open part that belong to this lane when they are due. */
export class OpenPart implements Part {
  private readonly starts = new LaneStarts();
  private readonly departures: Departures;
  private part: LoadPart;
  /** The part and the shares of the last assignment, as text. */
  private order = '';
  private state: 'waiting' | 'running' | 'held' = 'waiting';
  private following = false;
  private allSlots = 0;
  /** Run time at which the slots of the lane change next. */
  private slotsChangeMs: Millis = Infinity;
  private wakeMs: Millis = Infinity;
  private cancelTimer: () => void = () => {};

  constructor(
    private readonly setup: PartSetup,
    /** @param onIdle to be called when a user has become idle */
    makeUsers: (onIdle: () => void) => OpenUsers,
  ) {
    this.part = setup.part;
    this.departures = new Departures(setup.timing);
    this.users = makeUsers(() => this.poke());
  }

  private readonly users: OpenUsers;

  get size(): number {
    return this.users.size;
  }

  get leaving(): number {
    return this.departures.size;
  }

  get position(): LanePosition {
    const { startMs } = this.part;
    const reachedMs = startMs === null ? 0 : startMs + Math.max(0, this.starts.reachedMs(this.partMs));
    return { part: this.setup.index, position: Math.max(0, reachedMs), active: this.users.active };
  }

  members(): Member[] {
    return [...this.users.members(), ...this.departures.members()];
  }

  assign(part: LoadPart, shares: readonly LaneShare[]): readonly LaneRelease[] {
    this.part = part;
    if (part.startMs === null) return this.releaseUnstarted(shares);
    const { startMs } = part;
    const order = JSON.stringify([part, shares]);
    const releases = order === this.order ? [] : this.takeShares(part, startMs, shares);
    this.order = order;
    // What was due while the users were stopped is given up.
    if (this.state === 'held') this.skipDue();
    this.state = 'running';
    this.setSlots(Math.max(0, this.starts.reachedMs(this.partMs)));
    return releases.map((release) => this.toRelease(release, startMs));
  }

  /** Finding the next random start takes time in proportion to the time of the run. */
  private takeShares(part: LoadPart, startMs: Millis, shares: readonly LaneShare[]): StartsRelease[] {
    const starts = startsOf(part, this.setup.userTypes, this.setup.openTimes)!;
    this.allSlots = starts.slots;
    return this.starts.assign(
      starts,
      shares.map(({ grant = 0, items, from = 0, untilMs }) => ({
        grant,
        slots: items,
        fromMs: from - startMs,
        untilMs: untilMs === undefined ? undefined : untilMs - startMs,
      })),
      this.partMs,
    );
  }

  follow(): void {
    // After a stall, the next message or the end of the lease decides what becomes of the starts.
    if (this.following || this.state !== 'running' || !this.setup.isLeased()) return;
    this.following = true;
    this.cancelTimer();
    this.wakeMs = Infinity;
    const isPaused = this.setup.clock.pausedAtMs !== null;
    if (isPaused) {
      this.skipDue();
      this.users.skipWaiting();
    }
    const isBehind = !isPaused && !this.beginDue();
    if (!isBehind) this.setSlotsAt(this.partMs + EARLY_MS);
    if (!isBehind && this.partMs + EARLY_MS >= this.durationMs) this.end();
    else if (!isPaused) this.sleep(isBehind);
    this.following = false;
  }

  async hold(stopTimeoutMs: Millis): Promise<void> {
    this.cancelTimer();
    if (this.state === 'running') this.leave('held');
    await this.departures.settle(stopTimeoutMs);
  }

  close(): void {
    if (this.state !== 'running') return;
    // What was due before the lane handed over its slots is its own, though no timer has fired yet.
    if (!this.hasSlots) this.follow();
    this.skipDue();
  }

  /** Begins what is overdue. Cheap if there is nothing. */
  private poke(): void {
    if (!this.following && this.setup.timing.now() >= this.wakeMs + OVERDUE_MS) this.follow();
  }

  /** The present part time; negative before the part starts. */
  private get partMs(): Millis {
    const { runMs } = this.setup.clock;
    const { startMs } = this.part;
    return runMs === undefined || startMs === null ? -Infinity : runMs - startMs;
  }

  private get durationMs(): Millis {
    return workloadDurationMs(this.part.workload) ?? Infinity;
  }

  /** @returns whether everything that is due has begun */
  private beginDue(): boolean {
    const { starts, users } = this;
    const { timing, clock } = this.setup;
    const untilMs = this.partMs + EARLY_MS;
    const beganMs = timing.now();
    for (let begun = 0; starts.nextMs <= untilMs; begun += 1) {
      if (begun === MAX_STARTS) return false;
      if ((begun + 1) % STARTS_PER_LOOK === 0 && timing.now() - beganMs > MAX_STARTING_MS) return false;
      const start = starts.take();
      this.setSlotsAt(start.dueMs);
      const dueAtMs = clock.toClock(this.part.startMs! + start.dueMs);
      users.begin(start, { number: start.number, dueAtMs });
    }
    return true;
  }

  /** Gives up what is due and has not begun. */
  private skipDue(): void {
    const { starts, partMs } = this;
    while (starts.nextMs <= partMs) this.setup.host.count('skipped', starts.take().type);
  }

  private sleep(isBehind: boolean): void {
    const { timing, clock } = this.setup;
    const nextMs = Math.min(this.starts.nextMs, this.slotsChangeMs, this.durationMs);
    if (nextMs === Infinity || this.part.startMs === null) return;
    const wakeMs = clock.toClock(this.part.startMs + nextMs);
    // The rest of what is due has its own turns of the event loop.
    if (!isBehind) this.wakeMs = wakeMs;
    const delayMs = isBehind ? 0 : Math.max(0, wakeMs - timing.now());
    this.cancelTimer = timing.after(delayMs, () => this.follow());
  }

  /** The part is over. Iterations that have begun may end. */
  private end(): void {
    this.leave('waiting');
    void this.departures.settle(this.setup.stopTimeoutMs);
  }

  /** Tells all users to end. Iterations that have begun may end, unless they are stopped early. */
  private leave(state: 'waiting' | 'held'): void {
    const isEarly = state === 'held' && this.hasSlots;
    this.state = state;
    this.users.skipWaiting();
    for (const member of this.users.release()) {
      this.departures.add(member);
      if (isEarly) member.stop();
      else member.finish();
    }
  }

  /** Whether starts of the lane may still be due. */
  private get hasSlots(): boolean {
    return this.starts.slotsAt(Math.max(0, this.partMs)).length > 0;
  }

  /** Slots change between starts, so that each start meets the users of its time. */
  private setSlotsAt(atMs: Millis): void {
    if (atMs >= this.slotsChangeMs) this.setSlots(atMs);
  }

  private setSlots(atMs: Millis): void {
    const { starts, allSlots } = this;
    this.users.setSlots(this.part.workload as OpenWorkload, starts.slotsAt(atMs), allSlots);
    this.slotsChangeMs = starts.changeAfter(atMs);
  }

  private toRelease({ grant, slots, positionMs }: StartsRelease, startMs: Millis): LaneRelease {
    // A lower rate may never get as far as the lane already is.
    const endMs = positionMs < Infinity ? positionMs : Math.min(this.durationMs, MAX_RUN_MS);
    const position = Math.max(0, startMs + endMs);
    return { part: this.setup.index, grant, items: slots, position };
  }

  private releaseUnstarted(shares: readonly LaneShare[]): LaneRelease[] {
    return shares.flatMap(({ part, grant = 0, items, from = 0, untilMs }) =>
      untilMs === undefined ? [] : [{ part, grant, items, position: Math.max(from, untilMs) }],
    );
  }
}
