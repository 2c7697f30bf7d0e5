import { randomUUID } from 'node:crypto';
import {
  decodeMasterMessage,
  encodeMessage,
  PROTOCOL_VERSION,
  type MasterMessage,
  type WorkerMessage,
} from '@drumline/wire';
import { Dealer } from 'zeromq';
import { reportOf } from '../reports.js';

/** What simulated workers have received. */
export interface Heard {
  assignments: number;
  /** Time from heartbeats to their replies, in milliseconds. */
  readonly repliesMs: number[];
  /** How often a worker received nothing for three seconds. */
  silences: number;
}

const HELLO_EVERY_MS = 1_000;
const MISSING_AFTER_MS = 3_000;
const REPEAT_AFTER_MS = 2_000;

/**
 * A worker without lanes, over a real socket. It sends all messages of a worker and counts those it
 * receives.
 */
export class Speaker {
  private readonly dealer: Dealer;
  private readonly timers: NodeJS.Timeout[];
  private welcomed = false;
  private runId = '';
  private epoch = 0;
  private seq = 1;
  private sentMs = -Infinity;
  private startMs: number | undefined;
  private heardMs = performance.now();

  /** @param series in each second's report */
  constructor(
    private readonly name: string,
    address: string,
    private readonly series: number,
    private readonly heard: Heard,
  ) {
    this.dealer = new Dealer({ routingId: randomUUID(), linger: 0, sendHighWaterMark: 10_000 });
    this.dealer.connect(address);
    void this.listen();
    this.greet();
    this.timers = [
      setInterval(() => this.greet(), HELLO_EVERY_MS),
      setInterval(() => this.beat(), 1_000),
      setInterval(() => this.report(), 1_000),
    ];
  }

  close(): void {
    for (const timer of this.timers) clearInterval(timer);
    this.dealer.close();
  }

  private async listen(): Promise<void> {
    for await (const [frame] of this.dealer) this.hear(decodeMasterMessage(frame!));
  }

  private hear(message: MasterMessage): void {
    const now = performance.now();
    this.heardMs = now;
    if (message.type === 'welcome') {
      this.welcomed = true;
      this.runId = message.runId;
    } else if (message.type === 'heartbeatReply') this.heard.repliesMs.push(now - message.echoMs);
    else if (message.type === 'prepare') this.say({ type: 'prepared', runId: message.runId });
    else if (message.type === 'assignment') {
      this.heard.assignments += 1;
      this.epoch = Math.max(this.epoch, message.epoch);
    } else if (message.type === 'start') this.startMs ??= now;
    else if (message.type === 'reportAck' && message.seq === this.seq) {
      this.seq += 1;
      this.sentMs = -Infinity;
    }
  }

  private greet(): void {
    if (this.welcomed && performance.now() - this.heardMs > MISSING_AFTER_MS) {
      this.welcomed = false;
      this.heard.silences += 1;
    }
    if (this.welcomed) return;
    this.say({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      version: '0.0.1',
      instance: this.name,
      name: this.name,
      host: 'bench',
      pid: process.pid,
      lanes: 2,
      node: process.version,
      orphanGraceMs: 30_000,
    });
  }

  private beat(): void {
    if (!this.welcomed) return;
    const epoch = this.startMs === undefined ? 0 : this.epoch;
    const vitals = { cpu: 0.1, memoryBytes: 1e8, loopDelayMs: 1 };
    const lanes = [0, 1].map((lane) => ({
      lane,
      state: 'running',
      users: 5,
      busy: 0.1,
      stalledMs: 0,
      ...vitals,
    }));
    this.say({ type: 'heartbeat', sentAtMs: performance.now(), epoch, ...vitals, lanes });
  }

  /** One report at a time, like a worker with a slow master. */
  private report(): void {
    const { series, startMs, seq, runId, epoch } = this;
    const now = performance.now();
    if (series === 0 || startMs === undefined || !this.welcomed || now - this.sentMs < REPEAT_AFTER_MS)
      return;
    this.sentMs = now;
    const second = Math.max(0, Math.floor((now - startMs) / 1_000) - 1);
    this.say({ type: 'statsReport', runId, epoch, seq, deltas: [{ second, ...reportOf(series, 2) }] });
  }

  private say(message: WorkerMessage): void {
    void this.dealer.send(encodeMessage(message)).catch(() => {});
  }
}
