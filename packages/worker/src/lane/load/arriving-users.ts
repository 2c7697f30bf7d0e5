import { limitOfSlot, type Millis, type OpenWorkload, type Start } from '@drumline/model';
import { startedAfter } from './lateness.js';
import type { GivenMember, Iteration, IterationSource, Member, PartHost } from './member.js';
import type { OpenUsers } from './open-part.js';
import { UsersByType } from './users-by-type.js';

/** Users that arrive, run one iteration and leave. */
export class ArrivingUsers implements OpenUsers {
  private readonly users: UsersByType<ArrivalsOfType>;

  constructor(
    host: PartHost,
    private readonly typeOfSlot: (slot: number) => number,
  ) {
    this.users = new UsersByType((type) => new ArrivalsOfType(host, type));
  }

  get size(): number {
    return this.users.size;
  }

  get active(): number {
    return this.users.active;
  }

  members(): Member[] {
    return this.users.members();
  }

  setSlots(workload: OpenWorkload, slots: readonly number[], allSlots: number): void {
    for (const arrivals of this.users.all) arrivals.limit = 0;
    for (const slot of slots)
      this.users.of(this.typeOfSlot(slot)).limit += limitOfSlot(workload, slot, allSlots);
  }

  begin({ type, number }: Start, iteration: Iteration): void {
    this.users.of(type).begin(number, iteration);
  }

  skipWaiting(): void {}

  release(): readonly GivenMember[] {
    return this.users.release();
  }
}

class ArrivalsOfType implements IterationSource {
  readonly waits = false;
  readonly startAttempts = 1;
  readonly running = new Set<GivenMember>();
  /** The most users at a time. */
  limit = 0;
  active = 0;

  constructor(
    private readonly host: PartHost,
    private readonly type: number,
  ) {}

  begin(number: number, iteration: Iteration): void {
    if (this.running.size >= this.limit) return this.host.count('dropped', this.type);
    this.active += 1;
    const user = this.host.spawn(number, this.type, this, iteration);
    this.running.add(user);
    void user.done.then(() => {
      this.active -= 1;
      this.running.delete(user);
    });
  }

  next(user: GivenMember): undefined {
    user.stop();
  }

  began(lateMs: Millis, atMs: Millis): void {
    this.host.count(startedAfter(lateMs), this.type, 1, atMs);
  }

  ended(user: GivenMember): void {
    user.stop();
  }

  release(): GivenMember[] {
    const users = [...this.running];
    this.running.clear();
    return users;
  }
}
