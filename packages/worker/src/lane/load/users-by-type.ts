import type { GivenMember, Member } from './member.js';

/** The users of one user type. */
interface UsersOfOneType {
  /** Iterations under way, and those that wait for a user. */
  readonly active: number;
  readonly running: { readonly size: number; keys(): Iterable<Member> };
  /** Removes all users, which the caller tells to end. */
  release(): readonly GivenMember[];
}

/** The users of an open part by user type. Those of a type are created on first use. */
export class UsersByType<Users extends UsersOfOneType> {
  private readonly byType = new Map<number, Users>();

  constructor(private readonly make: (type: number) => Users) {}

  get size(): number {
    return this.sum(({ running }) => running.size);
  }

  get active(): number {
    return this.sum(({ active }) => active);
  }

  get types(): readonly number[] {
    return [...this.byType.keys()];
  }

  get all(): Iterable<Users> {
    return this.byType.values();
  }

  of(type: number): Users {
    let users = this.byType.get(type);
    if (!users) this.byType.set(type, (users = this.make(type)));
    return users;
  }

  members(): Member[] {
    return [...this.byType.values()].flatMap(({ running }) => [...running.keys()]);
  }

  release(): readonly GivenMember[] {
    return [...this.byType.values()].flatMap((users) => users.release());
  }

  private sum(of: (users: Users) => number): number {
    let sum = 0;
    for (const users of this.byType.values()) sum += of(users);
    return sum;
  }
}
