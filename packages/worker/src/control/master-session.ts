import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Millis } from '@drumline/model';
import type { QuantilesEvery } from '@drumline/stats';
import {
  ClockEstimate,
  PROTOCOL_VERSION,
  thisProcess,
  VERSION,
  type Heartbeat,
  type LinkRefusal,
  type MasterMessage,
  type Welcome,
  type WorkerLink,
} from '@drumline/wire';
import type { WorkerToken } from '@drumline/wire/security';
import { monotonicMs } from '@drumline/wire/monotonic';
import { describeMachine } from './machine-facts.js';
import type { WorkerMachine } from './machine.js';

/** The identity of this worker, and the address of its master. */
export interface SessionOptions {
  readonly master: string | Promise<string>;
  readonly token?: WorkerToken | null;
  readonly name: string;
  readonly lanes: number;
  readonly orphanGraceMs: Millis;
}

/** Events between a worker and its master. */
export interface SessionEvents {
  /**
   * The master welcomed the worker, for the first time or again. @param runId of the master's run
   */
  joined(runId: string, again: boolean): void;
  /** The estimate of the master's clock has improved. */
  clock(): void;
  /** The worker port rejects this worker. Called once per reason until it is admitted. */
  rejected(refusal: LinkRefusal): void;
  /**
   * The master answers again, but the lease of the load has expired meanwhile. Called before the
   * lease is valid again.
   */
  lapsed(): void;
  /** The clock of the master differs from before. */
  otherClock(): void;
  /** The master drains this worker. Repeated until it has left. */
  drained(): void;
  /** The master has been silent for too long. Called once per silence. */
  silent(): void;
  /** Receives all messages that the session does not handle. */
  message(message: MasterMessage): void;
  /** The run that the worker has, if any. */
  runId(): string | undefined;
  /** Supplies the content of the next heartbeat. */
  vitals(): Omit<Heartbeat, 'type' | 'runId' | 'sentAtMs'>;
}

const HELLO_EVERY_MS = 250;
/** Number of unanswered hellos after which only every eighth is sent. */
const QUICK_GREETINGS = 20;
const SLOW_GREETING = 8;
/** Used until the master sends its values. */
const DEFAULT_HEARTBEAT_MS = 1_000;
const DEFAULT_MISSING_AFTER_MS = 3_000;
const CHECK_EVERY_MS = 100;

/**
 * The connection of a worker to its master. Sends hellos until it is welcomed, sends heartbeats,
 * estimates the master's clock, and detects silence.
 */
export class MasterSession {
  readonly link: WorkerLink;
  /** Address of the master, for display. */
  address = 'an address yet unknown';
  /** Whether the master has welcomed this worker and has not been silent since. */
  welcomed = false;
  everWelcomed = false;
  /** The run of the last welcome. */
  runId = '';
  /** Since when the master has had that run, on its clock. */
  private runSinceMs = -Infinity;
  /** Why the worker port rejects this worker, if it does. */
  refusal: LinkRefusal | undefined;
  missingAfterMs: Millis = DEFAULT_MISSING_AFTER_MS;
  /** How often the master wants the response times of each series. */
  quantilesEverySeconds: QuantilesEvery = 1;
  /** How long after the end of a window the master wants them. */
  quantilesDelaySeconds = 0;
  private readonly clock = new ClockEstimate();
  private readonly instance = randomUUID();
  private readonly timers: NodeJS.Timeout[];
  private heartbeat: NodeJS.Timeout | undefined;
  /** Hellos since the last message from the master, or since it became unreachable. */
  private greetings = 0;
  /** When the last message from the master arrived, on the local clock. */
  heardMs = monotonicMs();
  /** When the master first welcomed this worker, on the local clock. */
  private joinedMs = -Infinity;
  /** When the newest heartbeat was sent that the master has answered, on the local clock. */
  private answeredMs = -Infinity;

  constructor(
    private readonly options: SessionOptions,
    machine: Pick<WorkerMachine, 'dial'>,
    private readonly events: SessionEvents,
  ) {
    this.link = machine.dial(options.master, this.instance, options.token);
    void Promise.resolve(options.master).then((address) => (this.address = address));
    this.link.listen(
      (message) => this.receive(message),
      (refusal) => this.reject(refusal),
    );
    this.timers = [
      setInterval(() => this.greet(), HELLO_EVERY_MS),
      setInterval(() => this.watchSilence(), CHECK_EVERY_MS),
    ];
    this.setHeartbeat(DEFAULT_HEARTBEAT_MS);
    this.greet();
  }

  /** Time since the last message from the master, milliseconds. */
  get silentMs(): Millis {
    return monotonicMs() - this.heardMs;
  }

  /**
   * From when on the load may continue without a master. The master certainly heard this worker
   * then. A message may have been read late, after a stall of this process.
   */
  get leasedFromMs(): Millis {
    return Math.max(this.answeredMs, this.joinedMs);
  }

  /** Until when the load may continue without a newer answer of the master, on the local clock. */
  get leaseUntilMs(): Millis {
    return this.leasedFromMs + Math.max(this.options.orphanGraceMs, this.missingAfterMs);
  }

  /** Time since the newest heartbeat that the master has answered, milliseconds. */
  get unansweredMs(): Millis {
    return monotonicMs() - this.leasedFromMs;
  }

  get clockKnown(): boolean {
    return this.clock.known;
  }

  /** Converts an instant from the master's clock to the local clock. */
  toLocal(masterMs: Millis): Millis {
    return masterMs - this.clock.offsetMs;
  }

  /** Says goodbye. @param complete whether everything that was counted is acknowledged */
  async close(complete: boolean): Promise<void> {
    if (this.welcomed) this.link.send({ type: 'goodbye', reason: 'ended', complete });
    clearInterval(this.heartbeat);
    for (const timer of this.timers) clearInterval(timer);
    await this.link.close(200);
  }

  private receive(message: MasterMessage): void {
    this.heardMs = monotonicMs();
    if (message.type === 'welcome') this.onWelcome(message);
    else if (message.type === 'heartbeatReply') {
      this.quantilesEverySeconds = message.quantilesEverySeconds ?? 1;
      this.quantilesDelaySeconds = message.quantilesDelaySeconds ?? 0;
      if (monotonicMs() >= this.leaseUntilMs) this.events.lapsed();
      this.answeredMs = Math.max(this.answeredMs, message.echoMs);
      const { known, offsetMs } = this.clock;
      this.clock.probe(message.echoMs, message.masterNowMs, monotonicMs());
      // On the same clock, a larger difference would have been detected as a silence.
      if (known && Math.abs(this.clock.offsetMs - offsetMs) > this.missingAfterMs) {
        this.runSinceMs = -Infinity;
        this.events.otherClock();
      }
      this.events.clock();
      if (message.leave === true) this.events.drained();
    } else this.events.message(message);
  }

  private onWelcome({ runId, sinceMs, missingAfterMs, heartbeatMs }: Welcome): void {
    // A late message about an earlier run. Another master may have another clock.
    if (this.welcomed && sinceMs < this.runSinceMs) return;
    const again = this.everWelcomed;
    if (!again) this.joinedMs = this.heardMs;
    this.welcomed = true;
    this.everWelcomed = true;
    this.refusal = undefined;
    this.runId = runId;
    this.runSinceMs = sinceMs;
    this.missingAfterMs = missingAfterMs;
    this.events.joined(runId, again);
    this.setHeartbeat(heartbeatMs);
    this.beat();
  }

  private reject(refusal: LinkRefusal): void {
    if (refusal === this.refusal) return;
    this.refusal = refusal;
    this.events.rejected(refusal);
  }

  /**
   * Sends a hello. A master that is reachable but does not answer is overloaded, so it gets fewer.
   */
  private greet(): void {
    if (this.welcomed) this.greetings = 0;
    if (this.welcomed || (this.greetings++ >= QUICK_GREETINGS && this.greetings % SLOW_GREETING !== 0))
      return;
    const { name, lanes, orphanGraceMs } = this.options;
    const { bootId, startedAt, pidNamespace } = thisProcess();
    const runId = this.events.runId();
    const isSent = this.link.send({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      version: VERSION,
      instance: this.instance,
      name,
      host: hostname(),
      pid: process.pid,
      lanes,
      node: process.version,
      machine: describeMachine(),
      orphanGraceMs,
      ...(runId !== undefined && { runId }),
      process: { bootId, startedAt, pidNamespace },
    });
    if (!isSent) this.greetings = 0;
  }

  private setHeartbeat(everyMs: Millis): void {
    clearInterval(this.heartbeat);
    this.heartbeat = setInterval(() => this.beat(), everyMs);
  }

  /** Sends a heartbeat. */
  beat(): void {
    if (!this.welcomed) return;
    const { runId } = this;
    const { roundTripMs } = this.clock;
    this.link.send({
      type: 'heartbeat',
      runId,
      sentAtMs: monotonicMs(),
      ...(roundTripMs !== undefined && { roundTripMs }),
      ...this.events.vitals(),
    });
  }

  private watchSilence(): void {
    if (!this.welcomed || this.silentMs < this.missingAfterMs) return;
    this.welcomed = false;
    this.events.silent();
  }
}
