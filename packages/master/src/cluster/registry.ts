import type { Millis, RefusalKind } from '@drumline/model';
import type { Hello, MasterMessage, Welcome } from '@drumline/wire';
import { reasonToRefuse } from './admission.js';
import { beginTurn, isPresent, newMember, type Member, type MemberIdentity } from './member.js';
import { MemberList } from './member-list.js';

export interface RegistryEvents {
  /** A worker has joined. It is idle, and must be welcomed once its run is known. */
  joined(member: Member): void;
  /** It was missing and has sent something again. */
  returned(member: Member): void;
  lost(member: Member, silentMs: Millis): void;
  /** It is gone, and removed to make room. */
  forgotten(member: Member): void;
  /** A peer was rejected. */
  refused(kind: RefusalKind, why: string): void;
}

/** What every worker is told when it joins. */
export type Terms = Pick<Welcome, 'heartbeatMs' | 'missingAfterMs'>;

/** What is known of a worker that another master had. */
export type RestoredState = 'present' | 'left' | 'excluded';

const GOODBYE_WITHIN_MS = 2_000;
/** How often the master checks for silent workers. */
const CHECK_EVERY_MS = 100;

/** Keeps track of all workers and their liveness. */
export class Registry {
  refused = 0;
  /** Why workers that join are dismissed; undefined if they may stay. */
  private dismissal: string | undefined;
  private readonly list = new MemberList();
  private readonly timer: NodeJS.Timeout;
  private lastLookMs: Millis;

  constructor(
    private readonly events: RegistryEvents,
    private readonly send: (peer: string, message: MasterMessage) => void,
    private readonly now: () => Millis,
    /** How long messages may have waited to be read, milliseconds. */
    readonly unreadForMs: () => Millis,
    private readonly terms: Terms,
  ) {
    this.lastLookMs = now();
    // Read messages that have already arrived first.
    this.timer = setInterval(() => setImmediate(() => this.checkLiveness()), CHECK_EVERY_MS);
  }

  /** All workers that ever joined. */
  get members(): readonly Member[] {
    return this.list.members;
  }

  /** The workers that are not missing and have not left. */
  get present(): Member[] {
    return this.members.filter(isPresent);
  }

  /** Whether a peer has been welcomed. */
  knows(peer: string): boolean {
    return this.find(peer) !== undefined;
  }

  /** The worker with this address; undefined for unknown peers. */
  find(peer: string): Member | undefined {
    return this.list.ofPeer(peer);
  }

  /** Records a sign of life of a worker. @returns false if it has left */
  markSeen(member: Member): boolean {
    if (member.presence.state === 'left') return false;
    member.lastSeenMs = this.now();
    if (member.claimant) member.claimant.isRejected = true;
    if (member.presence.send('returned')) {
      this.welcome(member);
      this.events.returned(member);
    }
    return true;
  }

  /** Records a heartbeat. @returns the time since the previous one, as received */
  beat(member: Member): Millis {
    const now = this.now();
    this.forgiveStall(now);
    const gapMs = now - member.beatMs;
    member.beatMs = now;
    return gapMs;
  }

  /** Gives a worker to another run, or to none. It is told by the next welcome. */
  beginTurn(member: Member, runId: string): void {
    beginTurn(member, runId, this.now());
  }

  /** Welcomes or refuses a peer, or leaves it waiting. Repeats an answer that was lost. */
  greet(peer: string, hello: Hello, isOver: boolean): void {
    const known = this.list.ofPeer(peer);
    // It left and did not receive the dismissal. Everything it counted is merged.
    if (known?.presence.state === 'left') {
      const runOver = isOver || this.dismissal !== undefined;
      return this.send(peer, { type: 'dismiss', reason: 'it has already left', runOver });
    }
    if (known) {
      this.markSeen(known);
      return this.welcome(known);
    }
    const holder = this.list.holderOf(hello.name);
    const whyFull = this.list.whyFull(hello.lanes);
    const refusal = reasonToRefuse({ peer, hello, isOver, whyFull, holder });
    if (refusal) {
      this.refused += 1;
      this.events.refused(refusal.reason, `${hello.name} from ${hello.host}, because ${refusal.message}`);
      return this.send(peer, refusal);
    }
    if (this.dismissal !== undefined)
      return this.send(peer, { type: 'dismiss', reason: this.dismissal, runOver: true });
    // A worker that was restarted in place keeps sending hellos until its predecessor is missing.
    if (holder) return;
    const member = newMember({ id: this.list.freeId(hello.name), peer, hello }, 'present', this.now());
    this.list.add(member);
    this.events.joined(member);
  }

  /**
   * Restores a worker of another master. It is missing until it sends something. Another run may
   * have restored it before.
   * @param hasLeft whether it had left that master
   */
  restore(identity: MemberIdentity, hasLeft: boolean): Member {
    const known = this.list.ofPeer(identity.peer);
    if (known) return known;
    const member = newMember(identity, hasLeft ? 'left' : 'missing', this.now());
    this.list.add(member);
    return member;
  }

  /** Sends a worker the terms and its run. */
  welcome({ peer, id, turn }: Member): void {
    const { heartbeatMs, missingAfterMs } = this.terms;
    this.send(peer, { type: 'welcome', workerId: id, heartbeatMs, missingAfterMs, ...turn });
  }

  /** Dismisses all workers, and those that join later. Waits briefly for their goodbyes. */
  async dismissAll(reason: string): Promise<void> {
    this.dismissal = reason;
    for (const { peer } of this.present) this.send(peer, { type: 'dismiss', reason, runOver: true });
    const deadlineMs = this.now() + GOODBYE_WITHIN_MS;
    while (this.present.length > 0 && this.now() < deadlineMs) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  close(): void {
    clearInterval(this.timer);
  }

  /**
   * Detects silent workers; called ten times a second. A worker is not missing while one of its
   * messages may wait to be read.
   */
  checkLiveness(): void {
    const now = this.now();
    this.forgiveStall(now);
    this.lastLookMs = now;
    for (const member of this.list.makeRoom()) this.events.forgotten(member);
    const readUpToMs = now - this.unreadForMs();
    const { missingAfterMs } = this.terms;
    for (const member of this.present) {
      const silentMs = readUpToMs - member.lastSeenMs;
      if (silentMs > missingAfterMs && member.presence.send('lost')) this.events.lost(member, silentMs);
    }
  }

  /** Subtracts a stall of the master itself from the silence of all workers. */
  private forgiveStall(now: Millis): void {
    const stallMs = now - this.lastLookMs - CHECK_EVERY_MS * 2;
    if (stallMs <= 0) return;
    this.lastLookMs = now;
    for (const member of this.present) {
      member.lastSeenMs += stallMs;
      member.beatMs += stallMs;
    }
  }
}
