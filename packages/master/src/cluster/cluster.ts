import { formatDuration, stackOf, type Millis } from '@drumline/model';
import type { QuantilesEvery } from '@drumline/stats';
import type {
  Goodbye,
  Heartbeat,
  Hello,
  Interruption,
  MasterLink,
  MasterMessage,
  Refused,
  WorkerMessage,
} from '@drumline/wire';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { Log } from './log.js';
import type { Member, MemberIdentity } from './member.js';
import { whyImplausible } from './plausible.js';
import { portPolicyOf } from './port-policy.js';
import { RateLimitedLog } from './rate-limited-log.js';
import { Refusals } from './refusals.js';
import { Registry, type Terms } from './registry.js';

/** A message from a worker about a run. */
export type RunMessage = Exclude<WorkerMessage, Hello | Heartbeat | Goodbye>;

/** When workers report the response times of each series. */
export interface QuantileTerms {
  readonly everySeconds: QuantilesEvery;
  /** Workers are divided into so many groups, which report a second apart. */
  readonly groups: number;
}

/** What a run receives from the cluster. */
export interface ClusterListener {
  readonly runId: string;
  /** When workers report the response times of each series. They are told in each reply. */
  readonly quantiles: QuantileTerms;
  joined(member: Member): void;
  /** A missing worker has sent something again. */
  returned(member: Member): void;
  lost(member: Member, silentMs: Millis): void;
  /** The worker is gone and in no result. It is removed to bound the memory. */
  forgotten(member: Member): void;
  /** The process of the worker ends. @param complete whether everything it counted is merged */
  ended(member: Member, reason: string, complete: boolean): void;
  /** @param gapMs time since its previous heartbeat */
  heartbeat(member: Member, heartbeat: Heartbeat, gapMs: Millis): void;
  message(member: Member, message: RunMessage): void;
  /** The worker port was closed for a moment and opened again. */
  portInterrupted(interruption: Interruption): void;
  /** A message could not be handled because of a bug in Drumline. */
  defect(messageType: string, error: unknown): void;
}

const EVERY_SECOND: QuantileTerms = { everySeconds: 1, groups: 1 };
/** The run id of workers between two runs. */
const NO_RUN = '';
/** More interruptions within a minute than this point to an attack or a fault. */
const MANY_INTERRUPTIONS = 5;

/** The worker port and the workers connected to it. Lives as long as the master's process. */
export class Cluster {
  readonly registry: Registry;
  /** Log lines that others can cause at any rate. */
  readonly limited: RateLimitedLog;
  readonly refusals: Refusals;
  private listener: ClusterListener | undefined;
  /** The run that has the workers, and since when. */
  private turn = { runId: NO_RUN, sinceMs: monotonicMs() };
  private isOver = false;

  constructor(
    private readonly link: MasterLink,
    readonly terms: Omit<Terms, 'runId' | 'sinceMs'>,
    log: Log,
  ) {
    this.limited = new RateLimitedLog(log);
    this.refusals = new Refusals(this.limited);
    this.registry = new Registry(
      {
        joined: (member) => this.listener?.joined(member),
        returned: (member) => this.listener?.returned(member),
        lost: (member, silentMs) => this.listener?.lost(member, silentMs),
        refused: (kind, why) => this.refusals.add(kind, why),
        forgotten: (member) => this.listener?.forgotten(member),
      },
      (peer, message) => link.send(peer, message),
      monotonicMs,
      () => link.unreadForMs,
      () => ({ ...terms, ...this.turn }),
    );
    link.listen(
      (peer, message) => {
        try {
          this.receive(peer, message);
        } catch (error) {
          // A single bad message must not end the run.
          this.defect(message.type, error);
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

  /**
   * Gives the workers to a run. They drop any other run.
   * @throws Error if another run has them
   */
  attach(listener: ClusterListener): void {
    if (this.listener) throw new Error(`run ${this.listener.runId} has the workers`);
    this.listener = listener;
    this.enter(listener.runId);
  }

  /** Takes the workers back from a run. They drop it. */
  detach(listener: ClusterListener): void {
    if (this.listener !== listener) return;
    this.listener = undefined;
    if (!this.isOver) this.enter(NO_RUN);
  }

  send({ peer }: Member, message: MasterMessage): void {
    this.link.send(peer, message);
  }

  /** Lets a worker end that wants to leave. */
  dismiss(member: Member, reason: string): void {
    member.presence.send('leave');
    this.send(member, { type: 'dismiss', reason, runOver: false });
  }

  /** Removes a worker that cannot take part. @returns whether it had not left before */
  expel(member: Member, refusal: Refused): boolean {
    if (!member.presence.send('leave')) return false;
    this.send(member, refusal);
    return true;
  }

  /** Restores a worker of another master. It is missing until it sends something. */
  restore(identity: MemberIdentity, hasLeft: boolean): Member {
    return this.registry.restore(identity, hasLeft);
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
    if ('runId' in message && message.runId !== this.turn.runId) return this.onOtherRun(member, message);
    const implausible = whyImplausible(member, message);
    if (implausible !== undefined)
      return this.refusals.add('nonsense', `a '${message.type}' from ${member.id}: ${implausible}`);
    if (message.type === 'heartbeat') return this.onHeartbeat(member, message);
    if (message.type === 'goodbye') return this.onGoodbye(member, message);
    this.listener?.message(member, message);
  }

  /**
   * Handles a message about a run that does not have the workers. A worker whose heartbeat names
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
    this.listener?.heartbeat(member, heartbeat, gapMs);
  }

  private answer(member: Member, { sentAtMs }: Heartbeat): void {
    const { everySeconds, groups } = this.listener?.quantiles ?? EVERY_SECOND;
    this.send(member, {
      type: 'heartbeatReply',
      echoMs: sentAtMs,
      masterNowMs: monotonicMs(),
      quantilesEverySeconds: everySeconds,
      quantilesDelaySeconds: member.number % groups,
    });
  }

  /** Tells all workers which run has them. They replace their lanes. */
  private enter(runId: string): void {
    // Later than the turn before, even within a millisecond.
    this.turn = { runId, sinceMs: Math.max(monotonicMs(), this.turn.sinceMs + 1) };
    this.registry.beginRun();
  }

  private onGoodbye(member: Member, { reason, complete }: Goodbye): void {
    member.presence.send('leave');
    this.listener?.ended(member, reason, complete);
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
    this.listener?.portInterrupted(interruption);
  }

  private defect(messageType: string, error: unknown): void {
    this.limited.line(
      `defect ${messageType}`,
      `A bug in Drumline, please report it: the message '${messageType}' could not be handled.\n${stackOf(error)}`,
    );
    this.listener?.defect(messageType, error);
  }
}
