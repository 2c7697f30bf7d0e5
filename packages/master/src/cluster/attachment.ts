import type { RunInLine, WorkersWanted } from './assignment.js';
import type { ClusterListener } from './listener.js';
import { isPresent, type Member } from './member.js';

/** A run and its workers. */
export class Attachment implements RunInLine<Member> {
  /** All workers that it has been given and that have not been taken from it. */
  readonly members = new Set<Member>();
  /** Workers that cannot take part. They stay free for other runs. */
  private readonly excluded = new WeakSet<Member>();
  private begun = false;

  constructor(
    readonly listener: ClusterListener,
    public wants: WorkersWanted,
  ) {}

  get runId(): string {
    return this.listener.runId;
  }

  get hasBegun(): boolean {
    return this.begun;
  }

  get present(): number {
    let count = 0;
    for (const member of this.members)
      if (!member.isLeaving && (isPresent(member) || member.isAwaited)) count += 1;
    return count;
  }

  accepts(member: Member): boolean {
    return !this.excluded.has(member);
  }

  add(member: Member): void {
    this.members.add(member);
    this.begun = true;
  }

  exclude(member: Member): void {
    this.excluded.add(member);
    this.members.delete(member);
  }
}
