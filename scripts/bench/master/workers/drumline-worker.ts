import {
  ClockEstimate,
  decodeMasterMessage,
  encodeMessage,
  PROTOCOL_VERSION,
  VERSION,
  type MasterMessage,
  type ReportAck,
  type WorkerMessage,
} from '@drumline/wire';
import type { DrumlineReports, ReportedTimes } from './drumline-reports.js';
import type { Tally } from './load.js';
import { Connection, type SimulatedWorker } from './simulated-worker.js';

/** As in a worker: silence after which it greets the master again. */
const MISSING_AFTER_MS = 3_000;
/** As in a worker, see `ReportOutbox`: when reports are repeated, and how many are in transit. */
const REPEAT_AFTER_MS = 2_000;
const MAX_ACK_MS = 4_000;
const MAX_WINDOW = 16;
const QUICK_ACK_MS = 1_500;
const LANES = 2;
const USERS_PER_LANE = 5;
/** Users of each simulated worker. */
export const DRUMLINE_USERS = LANES * USERS_PER_LANE;

interface SentReport {
  readonly seq: number;
  readonly epoch: number;
  readonly second: number;
  readonly requests: number;
  readonly times: ReportedTimes;
  sentMs: number;
  isRepeated: boolean;
}

/** A worker of Drumline. A report has the counts of one second of the run. */
export class DrumlineWorker implements SimulatedWorker {
  private readonly connection: Connection;
  private readonly clock = new ClockEstimate();
  private welcomed = false;
  private runId = '';
  private epoch = 0;
  /** On the master's clock; undefined before the start. */
  private startAtMs: number | undefined;
  private heardMs = -Infinity;
  /** Complete seconds that are in no report yet. */
  private readonly seconds: number[] = [];
  private nextSecond = -1;
  private everySeconds = 1;
  /** The first second of which the master lacks response times of series. */
  private heldFrom: number | undefined;
  private nextSeq = 1;
  private window = 1;
  private ackMs = 0;
  private readonly sent: SentReport[] = [];
  private isFinishing = false;
  /** Whether the master knows the names of the series. */
  private keysKnown = false;
  private isDraining = false;

  constructor(
    private readonly number: number,
    address: string,
    private readonly reports: DrumlineReports,
    private readonly series: number,
    private readonly tally: Tally,
  ) {
    this.connection = new Connection(`simulated-${number}`, address, (frame) =>
      this.receive(decodeMasterMessage(frame)),
    );
  }

  join(): void {
    const { name } = this.connection;
    if (this.welcomed && performance.now() - this.heardMs > MISSING_AFTER_MS) {
      this.welcomed = false;
      this.tally.silences += 1;
    }
    if (this.welcomed) return;
    this.send({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      version: VERSION,
      instance: name,
      name,
      host: 'bench',
      pid: process.pid,
      lanes: LANES,
      node: process.version,
      orphanGraceMs: 30_000,
    });
  }

  beat(): void {
    if (!this.welcomed) return;
    const epoch = this.startAtMs === undefined ? 0 : this.epoch;
    const vitals = { cpu: 0.1, memoryBytes: 1e8, loopDelayMs: 1 };
    const state = this.isDraining ? 'drained' : 'running';
    const users = this.isDraining ? 0 : USERS_PER_LANE;
    const lanes = Array.from({ length: LANES }, (_, lane) => ({
      lane,
      state,
      users,
      busy: 0.1,
      stalledMs: 0,
      loopDelayP99Ms: 0,
      ...vitals,
    }));
    this.send({ type: 'heartbeat', runId: this.runId, sentAtMs: performance.now(), epoch, ...vitals, lanes });
  }

  report(): void {
    if (this.startAtMs === undefined || !this.welcomed) return;
    const runMs = performance.now() + this.clock.offsetMs - this.startAtMs;
    const current = Math.floor(runMs / 1_000);
    if (this.nextSecond < 0) this.nextSecond = Math.max(0, current);
    while (this.nextSecond < current && !this.isFinishing) {
      this.seconds.push(this.nextSecond);
      this.nextSecond += 1;
    }
    this.repeatOverdue();
    this.sendMore();
  }

  finish(): void {
    this.isFinishing = true;
    this.seconds.length = 0;
  }

  private receive(message: MasterMessage): void {
    const now = performance.now();
    this.heardMs = now;
    switch (message.type) {
      case 'welcome':
        this.welcomed = true;
        this.keysKnown = false;
        this.runId = message.runId;
        return this.beat();
      case 'heartbeatReply':
        this.tally.roundTripsMs.push(now - message.echoMs);
        this.setEvery(message.quantilesEverySeconds ?? 1);
        return this.clock.probe(message.echoMs, message.masterNowMs, now);
      case 'prepare':
        return this.send({ type: 'prepared', runId: message.runId });
      case 'assignment':
        this.tally.assignments += 1;
        this.epoch = Math.max(this.epoch, message.epoch);
        return;
      case 'start':
        if (this.startAtMs === undefined) this.tally.running += 1;
        this.startAtMs = message.startAtMs;
        return;
      case 'reportAck':
        return this.acknowledge(message);
      case 'drain':
        this.finish();
        this.isDraining = true;
        return this.confirmDrained();
      case 'refused':
        throw new Error(`the master refuses ${this.connection.name}: ${message.message}`);
      case 'dismiss':
        return this.send({ type: 'goodbye', reason: message.reason, complete: true });
      default:
    }
  }

  private acknowledge({ seq, keysUnknown = false }: ReportAck): void {
    while (this.sent[0] && this.sent[0].seq <= seq) {
      this.keysKnown = true;
      const { requests, sentMs, isRepeated } = this.sent.shift()!;
      const ackMs = performance.now() - sentMs;
      this.window = ackMs < QUICK_ACK_MS ? Math.min(MAX_WINDOW, this.window + 1) : 1;
      if (!isRepeated) this.ackMs = Math.min(ackMs, MAX_ACK_MS);
      this.tally.ackedRequests += requests;
      this.tally.ackedEntries += this.series;
    }
    if (keysUnknown && this.keysKnown) {
      this.keysKnown = false;
      for (const report of this.sent) this.repeat(report);
    }
    this.sendMore();
    this.confirmDrained();
  }

  private confirmDrained(): void {
    if (!this.isDraining || this.sent.length > 0) return;
    this.beat();
    this.send({ type: 'drained', runId: this.runId, killedLanes: [] });
  }

  private repeatOverdue(): void {
    const now = performance.now();
    const afterMs = this.ackMs + REPEAT_AFTER_MS;
    for (const report of this.sent) {
      const dueMs = report.isRepeated ? 2 * afterMs : afterMs;
      if (now - report.sentMs >= dueMs) this.repeat(report);
    }
  }

  private repeat(report: SentReport): void {
    report.sentMs = performance.now();
    report.isRepeated = true;
    this.tally.repeats += 1;
    this.sendReport(report);
  }

  private sendMore(): void {
    const { epoch, tally } = this;
    while (this.seconds.length > 0 && this.sent.length < this.window) {
      const second = this.seconds.shift()!;
      const seq = this.nextSeq++;
      const requests = this.reports.requestsOf(this.number + seq);
      const times = this.timesOf(second);
      const report = { seq, epoch, second, requests, times, sentMs: performance.now(), isRepeated: false };
      this.sent.push(report);
      tally.reports += 1;
      tally.entries += this.series;
      tally.requests += requests;
      this.sendReport(report);
    }
  }

  private setEvery(seconds: number): void {
    if (seconds > 1 && seconds !== this.everySeconds) this.reports.prepareWindows(seconds);
    this.everySeconds = seconds;
  }

  /** As in a worker, see `HeldTimes`: what a report of this second has. */
  private timesOf(second: number): ReportedTimes {
    const isCoarse = this.everySeconds > 1 || this.heldFrom !== undefined;
    if (!isCoarse) return { isCoarse, windowSeconds: 0 };
    this.heldFrom ??= second;
    if ((second + 1) % this.everySeconds !== 0) return { isCoarse, windowSeconds: 0 };
    const windowSeconds = second - this.heldFrom + 1;
    this.heldFrom = undefined;
    return { isCoarse, windowSeconds };
  }

  private sendReport({ seq, epoch, second, times }: SentReport): void {
    const { runId, keysKnown } = this;
    const head = { runId, epoch, seq, second, times, keysKnown };
    this.connection.send(this.reports.frameOf(this.number + seq, head));
  }

  private send(message: WorkerMessage): void {
    this.connection.send(encodeMessage(message));
  }
}
