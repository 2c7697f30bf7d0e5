import { formatDuration, stackOf } from '@drumline/model';
import type {
  Goodbye,
  Heartbeat,
  Interruption,
  MasterLink,
  MasterMessage,
  Refused,
  WorkerMessage,
} from '@drumline/wire';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { WorkersWanted } from './assignment.js';
import { RunLine } from './line.js';
import type { ClusterListener, QuantileTerms } from './listener.js';
import type { Log } from './log.js';
import { isPresent, NO_RUN, type Member, type MemberIdentity } from './member.js';
import { whyImplausible } from './plausible.js';
import { portPolicyOf } from './port-policy.js';
import { RateLimitedLog } from './rate-limited-log.js';
import { Refusals } from './refusals.js';
import { Registry, type RestoredState, type Terms } from './registry.js';
import type { WaitingRun } from './waiting.js';

const EVERY_SECOND: QuantileTerms = { everySeconds: 1, groups: 1 };
/** More interruptions within a minute than this point to an attack or a fault. */
const MANY_INTERRUPTIONS = 5;

/** The worker port and the workers connected to it. Lives as long as the master's process. */
export class Cluster {
  readonly registry: Registry;
  /** Log lines that others can cause at any rate. */
  readonly limited: RateLimitedLog;
  readonly refusals: Refusals;
  private readonly line = new RunLine();
  private readonly followers = new Set<() => void>();
  private isOver = false;

  constructor(
    private readonly link: MasterLink,
    readonly terms: Terms & {
      /** Whether a worker that cannot take part in one run stays for others. Default: false. */
      readonly keepsExcluded?: boolean;
    },
    log: Log,
  ) {
    this.limited = new RateLimitedLog(log);
    this.refusals = new Refusals(this.limited);
    this.registry = new Registry(
      {
        joined: (member) => this.joined(member),
        returned: (member) => this.returned(member),
        lost: (member, silentMs) => {
          this.line.ofMember(member)?.lost(member, silentMs);
          this.assign();
        },
        refused: (kind, why) => this.refusals.add(kind, why),
        forgotten: (member) => {
          this.line.ofMember(member)?.forgotten(member);
          this.line.forget(member);
        },
      },
      (peer, message) => link.send(peer, message),
      monotonicMs,
      () => link.unreadForMs,
      terms,
    );
    link.listen(
      (peer, message) => {
        try {
          this.receive(peer, message);
        } catch (error) {
          // A single bad message must not end the run.
          this.defect(peer, message.type, error);
        }
      },
      portPolicyOf(this.registry, this.refusals, (interruption) => this.interrupted(interruption)),
    );
  }

  /** The address that workers connect to. */
  get address(): string {
    return this.link.address;
  }

  /** Number of frames that were dropped because they are not Drumline messages. */
  get badFrames(): number {
    return this.link.badFrames;
  }

  /** Number of present workers without a run. */
  get idle(): number {
    return this.line.idle.length;
  }

  /** The runs that wait for their workers, in the order in which they will get them. */
  get waiting(): WaitingRun[] {
    return this.line.waiting;
  }

  /**
   * Calls back after each change of the workers or of the runs that have them.
   * @returns ends it
   */
  follow(changed: () => void): () => void {
    this.followers.add(changed);
    return () => this.followers.delete(changed);
  }

  /**
   * Gives workers to a run, now or as soon as they are free. Workers drop any other run.
   * @throws Error if the run is attached already
   */
  attach(listener: ClusterListener, wants: WorkersWanted = 'all'): void {
    this.line.add(listener, wants);
    const restored = this.registry.members.filter(({ turn }) => turn.runId === listener.runId);
    for (const member of restored) this.line.give(member, listener.runId);
    this.assign();
  }

  /** Takes all workers back from a run. They drop it, and are given to the runs that wait. */
  detach(listener: ClusterListener): void {
    const freed = this.line.remove(listener);
    if (this.isOver) return;
    for (const member of freed) this.registry.beginTurn(member, NO_RUN);
    this.assign(freed);
  }

  /** The run takes no more workers: it is ending. */
  takeNoMore(runId: string): void {
    this.line.close(runId);
    this.assign();
  }

  /** No waiting run is given workers any more. All of them keep their places. */
  holdWaiting(): void {
    this.line.hold();
  }

  send({ peer }: Member, message: MasterMessage): void {
    this.link.send(peer, message);
  }

  /** Lets a worker end that wants to leave. */
  dismiss(member: Member, reason: string): void {
    member.presence.send('leave');
    this.send(member, { type: 'dismiss', reason, runOver: false });
  }

  /**
   * Orders a worker to leave: its users move to other workers, and it gets no other run. It is told
   * in each reply to a heartbeat.
   */
  drain(member: Member): void {
    member.isLeaving = true;
    this.assign();
  }

  /**
   * Takes a worker from its run that cannot take part in it. It stays for other runs, unless this
   * cluster has one run only. @returns whether it had not left before
   */
  exclude(member: Member, refusal: Refused): boolean {
    if (!isPresent(member)) return false;
    if (this.terms.keepsExcluded !== true) {
      this.send(member, refusal);
      return member.presence.send('leave');
    }
    this.line.exclude(member, member.turn.runId);
    this.registry.beginTurn(member, NO_RUN);
    this.assign([member]);
    return true;
  }

  /**
   * Restores a worker that a run had under another master. It is missing until it sends something,
   * and is not replaced until it returns or is given up.
   */
  restore({ runId }: ClusterListener, identity: MemberIdentity, state: RestoredState): Member {
    const isExcluded = state === 'excluded' && this.terms.keepsExcluded === true;
    const member = this.registry.restore(identity, state !== 'present' && !isExcluded);
    if (isExcluded) {
      this.line.exclude(member, runId);
      return member;
    }
    this.registry.beginTurn(member, runId);
    member.isAwaited = state === 'present';
    this.line.give(member, runId);
    return member;
  }

  /** A restored worker is no longer expected to return. The run gets a free one in its place. */
  giveUp(member: Member): void {
    member.isAwaited = false;
    this.assign();
  }

  /**
   * Dismisses all workers, waits briefly for their goodbyes, and closes the link.
   * @param reason sent to the workers, or `null` to leave them waiting for another master
   */
  async close(reason: string | null): Promise<void> {
    this.isOver = true;
    if (reason !== null) await this.registry.dismissAll(reason);
    this.registry.close();
    this.limited.close();
    await this.link.close();
  }

  private receive(peer: string, message: WorkerMessage): void {
    if (message.type === 'hello') return this.registry.greet(peer, message, this.isOver);
    const member = this.registry.find(peer);
    if (!member) return this.refusals.add('stranger', `a '${message.type}'`);
    if (!this.registry.markSeen(member)) return;
    const { runId } = member.turn;
    if ('runId' in message && message.runId !== runId) return this.onOtherRun(member, message);
    const implausible = whyImplausible(member, message);
    if (implausible !== undefined)
      return this.refusals.add('nonsense', `a '${message.type}' from ${member.id}: ${implausible}`, 1, runId);
    if (message.type === 'heartbeat') return this.onHeartbeat(member, message);
    if (message.type === 'goodbye') return this.onGoodbye(member, message);
    if (message.type === 'leaving') member.isLeaving = true;
    this.line.ofMember(member)?.message(member, message);
  }

  /**
   * Handles a message about a run that does not have the worker. A worker whose heartbeat names
   * such a run is told again which one does. Its reports are not acknowledged, so that it can log
   * what was not delivered.
   */
  private onOtherRun(member: Member, message: WorkerMessage): void {
    if (message.type !== 'heartbeat') return;
    this.registry.beat(member);
    this.answer(member, message);
    this.registry.welcome(member);
  }

  private onHeartbeat(member: Member, heartbeat: Heartbeat): void {
    this.answer(member, heartbeat);
    const gapMs = this.registry.beat(member);
    member.health = heartbeat;
    member.isEnding = heartbeat.isEnding === true;
    this.line.ofMember(member)?.heartbeat(member, heartbeat, gapMs);
  }

  private answer(member: Member, { sentAtMs }: Heartbeat): void {
    const { everySeconds, groups } = this.line.ofMember(member)?.quantiles ?? EVERY_SECOND;
    this.send(member, {
      type: 'heartbeatReply',
      echoMs: sentAtMs,
      masterNowMs: monotonicMs(),
      quantilesEverySeconds: everySeconds,
      quantilesDelaySeconds: member.number % groups,
      ...(member.isLeaving && { leave: true }),
    });
  }

  /** Assigns idle workers to runs. @param freed workers that do not know yet that they are idle */
  private assign(freed: readonly Member[] = []): void {
    const assigned = this.isOver ? [] : this.line.assign();
    const given = new Set(assigned.map(([member]) => member));
    for (const member of freed) if (isPresent(member) && !given.has(member)) this.registry.welcome(member);
    for (const [member, listener] of assigned) this.tell(member, listener);
    for (const changed of this.followers) changed();
  }

  /** Tells a worker and its run of each other. */
  private tell(member: Member, listener: ClusterListener): void {
    this.registry.beginTurn(member, listener.runId);
    this.registry.welcome(member);
    listener.joined(member);
  }

  private joined(member: Member): void {
    this.line.enter(member);
    // It had the run under another master, which died before it had stored that.
    const listener = this.line.listenerOf(member.hello.runId);
    if (!listener) return this.assign([member]);
    this.line.give(member, listener.runId);
    this.tell(member, listener);
    this.assign();
  }

  private returned(member: Member): void {
    member.isAwaited = false;
    this.line.ofMember(member)?.returned(member);
    this.assign();
  }

  private onGoodbye(member: Member, { reason, complete }: Goodbye): void {
    member.presence.send('leave');
    this.line.ofMember(member)?.ended(member, reason, complete);
    this.assign();
  }

  private interrupted(interruption: Interruption): void {
    const { why, count, delayMs } = interruption;
    const when = delayMs === 0 ? 'at once' : `in ${formatDuration(delayMs)}`;
    const warning =
      count < MANY_INTERRUPTIONS
        ? 'Workers reconnect automatically.'
        : `It has ended ${count} times within a minute. Workers cannot reach the master until it runs again. Check which peers can reach the port.`;
    this.limited.line(
      'port',
      `The link process of the worker port ended: ${why}. It restarts ${when}. ${warning}`,
    );
    for (const listener of this.line.listeners) listener.portInterrupted(interruption);
  }

  private defect(peer: string, messageType: string, error: unknown): void {
    this.limited.line(
      `defect ${messageType}`,
      `A bug in Drumline, please report it: the message '${messageType}' could not be handled.\n${stackOf(error)}`,
    );
    const member = this.registry.find(peer);
    if (member) this.line.ofMember(member)?.defect(messageType, error);
  }
}
