import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Millis } from '@drumline/model';
import {
  ClockEstimate,
  PROTOCOL_VERSION,
  thisProcess,
  VERSION,
  type Heartbeat,
  type LinkRefusal,
  type MasterMessage,
  type WorkerLink,
} from '@drumline/wire';
import type { WorkerToken } from '@drumline/wire/security';
import { readLimits } from '../capacity.js';
import { monotonicMs } from '../monotonic.js';
import { describeMachine } from './machine-facts.js';
import type { WorkerMachine } from './machine.js';

/** Who this worker is, and where its master. */
export interface SessionOptions {
  readonly master: string | Promise<string>;
  readonly token?: WorkerToken | null;
  readonly name: string;
  readonly lanes: number;
  readonly orphanGraceMs: Millis;
}

/** What happens between a worker and its master. */
export interface SessionEvents {
  /** Welcomed, for the first time or again. @param runId of the master's run */
  joined(runId: string, again: boolean): void;
  /** The clock estimate has got better. */
  clock(): void;
  /** The master's port does not let this worker in; once for each reason, until it does. */
  barred(refusal: LinkRefusal): void;
  /** The master's clock is another one than before. */
  otherClock(): void;
  /** Nothing has been heard for longer than there should be; once for each silence. */
  silent(): void;
  /** Everything that is not the session's own business. */
  message(message: MasterMessage): void;
  /** What the next heartbeat says. */
  vitals(): Omit<Heartbeat, 'type' | 'sentAtMs'>;
}

const HELLO_EVERY_MS = 250;
/** So many greetings that were sent and not answered; then every eighth is. */
const QUICK_GREETINGS = 20;
const SLOW_GREETING = 8;
/** Until the master has said otherwise. */
const DEFAULT_HEARTBEAT_MS = 1_000;
const DEFAULT_MISSING_AFTER_MS = 3_000;
const LOOK_EVERY_MS = 100;

/** A worker's side of the conversation: greets until it is welcomed, sends heartbeats, reads the master's clock off them, notices silence. */
export class MasterSession {
  readonly link: WorkerLink;
  /** Where the master is, for people. */
  address = 'an address yet unknown';
  /** Whether the master has welcomed us and has not been silent since. */
  welcomed = false;
  everWelcomed = false;
  /** Of the run to which the master has welcomed us. */
  runId: string | undefined;
  /** Why the master's port does not let us in, if it is known not to. */
  refusal: LinkRefusal | undefined;
  missingAfterMs: Millis = DEFAULT_MISSING_AFTER_MS;
  private readonly clock = new ClockEstimate();
  private readonly instance = randomUUID();
  private readonly limits = readLimits();
  private readonly timers: NodeJS.Timeout[];
  private heartbeat: NodeJS.Timeout | undefined;
  /** Time since the last message of the master, or since it became unreachable. */
  private greetings = 0;
  /** When the master's last word came, on our clock. */
  heardMs = monotonicMs();

  constructor(
    private readonly options: SessionOptions,
    machine: Pick<WorkerMachine, 'dial'>,
    private readonly events: SessionEvents,
  ) {
    this.link = machine.dial(options.master, this.instance, options.token);
    void Promise.resolve(options.master).then((address) => (this.address = address));
    this.link.listen(
      (message) => this.hear(message),
      (refusal) => this.bar(refusal),
    );
    this.timers = [
      setInterval(() => this.greet(), HELLO_EVERY_MS),
      setInterval(() => this.watchSilence(), LOOK_EVERY_MS),
    ];
    this.setHeartbeat(DEFAULT_HEARTBEAT_MS);
    this.greet();
  }

  /** Since the master's last word, milliseconds. */
  get silentMs(): Millis {
    return monotonicMs() - this.heardMs;
  }

  get clockKnown(): boolean {
    return this.clock.known;
  }

  /** An instant of the master's clock on ours. */
  toLocal(masterMs: Millis): Millis {
    return masterMs - this.clock.offsetMs;
  }

  async close(): Promise<void> {
    clearInterval(this.heartbeat);
    for (const timer of this.timers) clearInterval(timer);
    await this.link.close(200);
  }

  private hear(message: MasterMessage): void {
    this.heardMs = monotonicMs();
    if (message.type === 'welcome') {
      const again = this.everWelcomed;
      this.welcomed = true;
      this.everWelcomed = true;
      this.refusal = undefined;
      this.runId = message.runId;
      this.missingAfterMs = message.missingAfterMs;
      this.setHeartbeat(message.heartbeatMs);
      this.beat();
      this.events.joined(message.runId, again);
    } else if (message.type === 'heartbeatReply') {
      const { known, offsetMs } = this.clock;
      this.clock.probe(message.echoMs, message.masterNowMs, monotonicMs());
      // What is off by more would have been a silence on the same clock.
      if (known && Math.abs(this.clock.offsetMs - offsetMs) > this.missingAfterMs) this.events.otherClock();
      this.events.clock();
    } else this.events.message(message);
  }

  private bar(refusal: LinkRefusal): void {
    if (refusal === this.refusal) return;
    this.refusal = refusal;
    this.events.barred(refusal);
  }

  /** A master that is there and does not answer has too much to read: it is greeted less often. */
  private greet(): void {
    if (this.welcomed) this.greetings = 0;
    if (this.welcomed || (this.greetings++ >= QUICK_GREETINGS && this.greetings % SLOW_GREETING !== 0))
      return;
    const { name, lanes, orphanGraceMs } = this.options;
    const { bootId, startedAt, pidNamespace } = thisProcess();
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
      ...this.limits,
      machine: describeMachine(),
      orphanGraceMs,
      process: { bootId, startedAt, pidNamespace },
    });
    if (!isSent) this.greetings = 0;
  }

  private setHeartbeat(everyMs: Millis): void {
    clearInterval(this.heartbeat);
    this.heartbeat = setInterval(() => this.beat(), everyMs);
  }

  /** Says how this worker is, as it does again and again. */
  beat(): void {
    if (!this.welcomed) return;
    this.link.send({ type: 'heartbeat', sentAtMs: monotonicMs(), ...this.events.vitals() });
  }

  private watchSilence(): void {
    if (!this.welcomed || this.silentMs < this.missingAfterMs) return;
    this.welcomed = false;
    this.events.silent();
  }
}
