import { startsOf, type LoadPart, type Millis, type OpenDueTimes, type UserTypeShare } from '@drumline/model';
import type { LaneAssignment, LanePosition, LaneRelease } from '../../lane-protocol.js';
import { ArrivingUsers } from './arriving-users.js';
import { FixedPart } from './fixed-part.js';
import { ItemTypes } from './item-types.js';
import type { Member, PartHost, Timing } from './member.js';
import { OpenPart } from './open-part.js';
import type { Part, PartSetup } from './part.js';
import { PauseGate } from './pause-gate.js';
import { Population } from './population.js';
import { RunClock } from './run-clock.js';
import { StayingUsers } from './staying-users.js';

/** What the load of a lane needs. */
export interface LaneLoadSetup {
  readonly userTypes: readonly UserTypeShare[];
  /** Opens the due times of a replayed file. */
  readonly openTimes?: OpenDueTimes;
  readonly stopTimeoutMs: Millis;
  readonly timing: Timing;
  /** Whether the lane may make load. It may learn a moment later that it may. */
  isLeased(): boolean;
  /** The host of the users of a part. */
  host(index: number, parts: number, part: LoadPart, types: ItemTypes): PartHost;
  /** All iterations of a fixed part are over in this lane. */
  onDone(): void;
}

/** By then, a lane knows whether its lease has expired. Longer than its second look takes. */
const LEASE_DECIDED_MS: Millis = 50;

/** Runs the users of a lane, for all parts of the load. */
export class LaneLoad {
  private readonly parts: Part[] = [];
  private readonly clock: RunClock;
  private readonly gate = new PauseGate();
  private epoch = -Infinity;
  private draining = false;

  constructor(private readonly setup: LaneLoadSetup) {
    this.clock = new RunClock(setup.timing);
  }

  /**
   * Running users that the load asks for. Users that finish their last task count only if all do.
   */
  get size(): number {
    return this.parts.reduce((sum, part) => sum + (this.draining ? part.leaving : part.size), 0);
  }

  /** All members that have not ended. */
  members(): Member[] {
    return this.parts.flatMap((part) => part.members());
  }

  /** How far the lane is with the open and fixed parts. */
  get positions(): LanePosition[] {
    return this.parts.flatMap(({ position }) => position ?? []);
  }

  /**
   * Sets a newer assignment. Ignores older ones.
   * @returns how far the lane deals with what it was told to release
   */
  assign({ epoch, load, pausedAtMs, pausedMs, shares }: LaneAssignment): LaneRelease[] {
    if (this.draining || epoch < this.epoch) return [];
    this.epoch = epoch;
    this.clock.pausedAtMs = pausedAtMs;
    this.clock.pausedMs = pausedMs;
    this.gate.set(pausedAtMs !== null);
    const releases = load.parts.flatMap((part, index) => {
      const own = shares.filter((share) => share.part === index);
      this.parts[index] ??= this.makePart(index, load.parts.length, part);
      return [...this.parts[index].assign(part, own)];
    });
    this.follow();
    return releases;
  }

  /** Sets the common start time, which improves with the clock estimate. */
  startAt(startAtMs: Millis): void {
    this.clock.startAtMs = startAtMs;
    this.follow();
  }

  /** Resolves when the run is not paused. Users await it before each task. */
  passGate(): Promise<void> | undefined {
    return this.gate.pass();
  }

  /**
   * Stops all users for good. Those that are not done after the timeout are cut off. Resolves when
   * none is left.
   */
  async drain(stopTimeoutMs: Millis): Promise<void> {
    this.draining = true;
    // After a stall, messages that renew the lease may wait to be read. Otherwise it ends the load.
    if (!this.setup.isLeased())
      await new Promise<void>((resolve) => this.setup.timing.after(LEASE_DECIDED_MS, resolve));
    for (const part of this.parts) part.close();
    await this.hold(stopTimeoutMs);
  }

  /** Stops all users like `drain`, until there is a new assignment. */
  async hold(stopTimeoutMs = this.setup.stopTimeoutMs): Promise<void> {
    this.epoch = -Infinity;
    this.gate.set(false);
    await Promise.all(this.parts.map((part) => part.hold(stopTimeoutMs)));
  }

  private follow(): void {
    if (this.draining) return;
    for (const part of this.parts) part.follow();
  }

  private makePart(index: number, parts: number, part: LoadPart): Part {
    const { userTypes, openTimes, stopTimeoutMs, timing } = this.setup;
    const types = new ItemTypes(part, userTypes);
    const host = this.setup.host(index, parts, part, types);
    const setup: PartSetup = {
      index,
      part,
      userTypes,
      openTimes,
      host,
      clock: this.clock,
      timing,
      stopTimeoutMs,
      isLeased: () => this.setup.isLeased(),
      onDone: () => this.setup.onDone(),
    };
    const starts = startsOf(part, userTypes);
    const typeOfSlot = (slot: number): number => starts!.typeOfSlot(slot);
    switch (part.workload.kind) {
      case 'users':
        return new Population(setup, types);
      case 'fixed':
        return new FixedPart(setup, types);
      case 'arrivals':
        return new OpenPart(setup, () => new ArrivingUsers(host, typeOfSlot));
      case 'iterations':
        return new OpenPart(setup, (onIdle) => new StayingUsers({ host, onIdle }, typeOfSlot));
    }
  }
}
