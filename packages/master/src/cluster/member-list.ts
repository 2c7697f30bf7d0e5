import { MAX_WORKERS } from '@drumline/model';
import { isPresent, type Member } from './member.js';

/** Maximum number of lanes of all workers. The time to place users grows with it. */
const MAX_LANES = 100_000;
/** Maximum number of known workers, including those that have left and are part of a result. */
const MAX_KNOWN = 100_000;
/**
 * Maximum number of remembered workers that are gone and are part of no result. Bounds the memory
 * that unknown peers can occupy.
 */
const MAX_GONE = 1_000;

/** All workers that a master knows, by connection and by name. Their number is bounded. */
export class MemberList {
  readonly members: Member[] = [];
  private readonly byPeer = new Map<string, Member>();
  private readonly byName = new Map<string, Member[]>();
  private lanes = 0;

  ofPeer(peer: string): Member | undefined {
    return this.byPeer.get(peer);
  }

  /** The present worker of this name. */
  holderOf(name: string): Member | undefined {
    return this.byName.get(name)?.find(isPresent);
  }

  /** A unique id for a worker of this name: `w1`, or `w1#2` if there was a `w1` before. */
  freeId(name: string): string {
    const taken = this.byName.get(name)?.map(({ id }) => id) ?? [];
    let [id, number] = [name, 1];
    while (taken.includes(id)) id = `${name}#${(number += 1)}`;
    return id;
  }

  add(member: Member): void {
    const { name, lanes } = member.hello;
    this.members.push(member);
    this.byPeer.set(member.peer, member);
    this.byName.set(name, [...(this.byName.get(name) ?? []), member]);
    this.lanes += lanes;
  }

  /**
   * Why a worker with this many lanes cannot join, as the end of a sentence; undefined if there is
   * room. Workers that have left do not count, because others may take their place.
   */
  whyFull(moreLanes: number): string | undefined {
    if (this.members.length < MAX_WORKERS && this.lanes + moreLanes <= MAX_LANES) return undefined;
    if (this.members.length >= MAX_KNOWN)
      return `${this.members.length} workers have joined this master, which is the maximum`;
    const present = this.members.filter(isPresent);
    const lanes = present.reduce((sum, { hello }) => sum + hello.lanes, 0);
    if (present.length < MAX_WORKERS && lanes + moreLanes <= MAX_LANES) return undefined;
    return `the master is full: it has ${present.length} workers with ${lanes} lanes, at most ${MAX_WORKERS} with ${MAX_LANES}`;
  }

  /**
   * Removes workers that are gone and part of no result, if there are many or others need the room.
   * @returns the removed workers
   */
  makeRoom(): Member[] {
    const kept = this.members.filter((member) => member.isRecorded || isPresent(member));
    const gone = this.members.length - kept.length;
    if (gone === 0 || (gone <= MAX_GONE && this.whyFull(1) === undefined)) return [];
    const removed = this.members.filter((member) => !member.isRecorded && !isPresent(member));
    this.members.length = 0;
    this.byPeer.clear();
    this.byName.clear();
    this.lanes = 0;
    for (const member of kept) this.add(member);
    return removed;
  }
}
