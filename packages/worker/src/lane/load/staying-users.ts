import { limitOfSlot, type Millis, type OpenWorkload, type Start } from '@drumline/model';
import { startedAfter } from './lateness.js';
import type { GivenMember, Iteration, IterationSource, Member, PartHost } from './member.js';
import type { OpenUsers } from './open-part.js';
import { UserItems } from './user-items.js';
import { UsersByType } from './users-by-type.js';

/** What the users of a part share. */
interface Shared {
  readonly host: PartHost;
  /** Called when a user has become idle. */
  readonly onIdle: () => void;
}

/** Users that stay and run iterations as they become due. More are started when all are busy. */
export class StayingUsers implements OpenUsers {
  private readonly users: UsersByType<UsersOfType>;

  constructor(
    shared: Shared,
    private readonly typeOfSlot: (slot: number) => number,
  ) {
    this.users = new UsersByType((type) => new UsersOfType(shared, type));
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
    const byType = new Map<number, number[]>();
    for (const slot of slots) {
      const type = this.typeOfSlot(slot);
      const list = byType.get(type);
      if (list) list.push(slot);
      else byType.set(type, [slot]);
    }
    for (const type of new Set([...this.users.types, ...byType.keys()]))
      this.users
        .of(type)
        .setSlots(byType.get(type) ?? [], allSlots, (slot) => limitOfSlot(workload, slot, allSlots));
  }

  begin({ type }: Start, iteration: Iteration): void {
    this.users.of(type).begin(iteration);
  }

  skipWaiting(): void {
    for (const users of this.users.all) users.skipWaiting();
  }

  release(): readonly GivenMember[] {
    return this.users.release();
  }
}

class UsersOfType implements IterationSource {
  readonly waits = false;
  readonly running = new Set<GivenMember>();
  /** The last one was used last: its connection is the warmest. */
  private readonly idle: GivenMember[] = [];
  /** Users whose `onStart` runs. */
  private readonly starting = new Set<GivenMember>();
  /** Iterations that are due and have no user yet. There are no more than users that start. */
  private readonly waiting: Iteration[] = [];
  private readonly items = new UserItems();
  private underWay = 0;

  constructor(
    private readonly shared: Shared,
    private readonly type: number,
  ) {}

  get active(): number {
    return this.underWay + this.waiting.length;
  }

  setSlots(slots: readonly number[], all: number, limitOf: (slot: number) => number): void {
    this.items.set(slots, all, limitOf);
    // Idle users of slots that have moved to another lane end. Others end after their iteration.
    for (const user of this.idle) if (!this.items.isOurs(user.item)) user.stop();
  }

  begin(iteration: Iteration): void {
    const user = this.takeIdle();
    if (user) return user.give(iteration);
    if (this.waiting.length >= this.starting.size) {
      const item = this.items.take();
      if (item === undefined) return this.shared.host.count('dropped', this.type);
      this.waiting.push(iteration);
      this.startUser(item);
    } else this.waiting.push(iteration);
  }

  next(user: GivenMember): Iteration | undefined {
    this.starting.delete(user);
    if (!this.items.isOurs(user.item)) {
      user.stop();
      return undefined;
    }
    const iteration = this.waiting.shift();
    if (iteration) return iteration;
    this.idle.push(user);
    this.shared.onIdle();
    return undefined;
  }

  began(lateMs: Millis, atMs: Millis): void {
    this.underWay += 1;
    this.shared.host.count(startedAfter(lateMs), this.type, 1, atMs);
  }

  ended(): void {
    this.underWay -= 1;
  }

  skipWaiting(): void {
    if (this.waiting.length > 0) this.shared.host.count('skipped', this.type, this.waiting.length);
    this.waiting.length = 0;
  }

  release(): GivenMember[] {
    const users = [...this.running];
    for (const { item } of users) this.items.giveBack(item);
    this.running.clear();
    this.idle.length = 0;
    this.starting.clear();
    return users;
  }

  private startUser(item: number): void {
    const user = this.shared.host.spawn(item, this.type, this);
    this.running.add(user);
    if (!user.isReady) this.starting.add(user);
    void user.done.then(() => this.gone(user));
  }

  private gone(user: GivenMember): void {
    if (user.isBusy) this.underWay -= 1;
    if (!this.running.delete(user)) return;
    this.items.giveBack(user.item);
    this.starting.delete(user);
    const at = this.idle.indexOf(user);
    if (at >= 0) this.idle.splice(at, 1);
    // Its iteration is not retried, because the next user would fail in the same way.
    while (this.waiting.length > this.starting.size) {
      this.waiting.shift();
      this.shared.host.count('dropped', this.type);
    }
  }

  private takeIdle(): GivenMember | undefined {
    for (let user = this.idle.pop(); user !== undefined; user = this.idle.pop())
      if (!user.isEnding) return user;
    return undefined;
  }
}
