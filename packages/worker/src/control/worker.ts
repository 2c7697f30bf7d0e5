import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { DrumlineError, formatDuration, messageOf, type Millis } from '@drumline/model';
import {
  ClockEstimate,
  dialWorkerLink,
  PROTOCOL_VERSION,
  type Drain,
  type MasterMessage,
  type Prepare,
  type RunPhase,
  type Start,
  type WorkerLink,
} from '@drumline/wire';
import { watchVitals } from '../lane/vitals.js';
import { monotonicMs } from '../monotonic.js';
import type { WorkerOptions } from '../options.js';
import { VERSION } from '../version.js';
import { BundleFetcher } from './bundle-fetch.js';
import { LaneGroup } from './lane-group.js';
import { ReportOutbox } from './report-outbox.js';

/** A running worker. */
export interface WorkerHandle {
  /** Resolves when the run is over or the worker has left in good order; rejects with a DrumlineError otherwise. */
  readonly finished: Promise<void>;
  /** Leaves in good order: users go to other workers, what runs is finished, everything is reported. */
  leave(reason: string): void;
  /** Ends at once. */
  kill(): void;
}

/** Joins a master's cluster and does what it says until it is dismissed. */
export function startWorker(options: WorkerOptions): WorkerHandle {
  return new Worker(options);
}

const REPORT_EVERY_MS = 1_000;
/** Lanes hand a second over within 200 ms of its end. */
const REPORT_LAG_MS = 300;
const HELLO_EVERY_MS = 250;
/** Until the master has said otherwise. */
const DEFAULT_HEARTBEAT_MS = 1_000;

class Worker implements WorkerHandle {
  readonly finished: Promise<void>;
  private readonly link: WorkerLink;
  private readonly lanes: LaneGroup;
  private readonly outbox: ReportOutbox;
  private readonly bundles: BundleFetcher;
  private readonly clock = new ClockEstimate();
  private readonly vitals = watchVitals();
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly bornMs = monotonicMs();
  private readonly instance = randomUUID();
  private master = 'an address yet unknown';
  private settle!: { resolve: () => void; reject: (error: Error) => void };
  private welcomed = false;
  private everWelcomed = false;
  private heardMs = monotonicMs();
  private missingAfterMs: Millis = 3_000;
  private heartbeat: NodeJS.Timeout | undefined;
  private reportTimer: NodeJS.Timeout | undefined;
  private run: { id: string; epoch: number; startAtMasterMs?: number } | undefined;
  private draining: Promise<void> | undefined;
  /** A start that came before it was known what time it is at the master. */
  private earlyStart: (() => void) | undefined;
  private orphaned = false;
  private ending = false;

  constructor(private readonly options: WorkerOptions) {
    this.finished = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
    this.link = dialWorkerLink(options.master, this.instance);
    void Promise.resolve(options.master).then((address) => (this.master = address));
    this.outbox = new ReportOutbox(this.link);
    this.bundles = new BundleFetcher(this.link);
    this.lanes = new LaneGroup(options.name, options.lanes, options.laneHeapMb, {
      deltas: (deltas) => this.outbox.add(deltas),
      incident: (incident) => this.link.send({ type: 'laneIncident', ...incident }),
      printed: (lane, line) => options.print(`${options.name}/${lane}: ${line}`),
    });
    this.link.listen((message) => this.hear(message));
    this.timers.push(setInterval(() => this.greet(), HELLO_EVERY_MS));
    this.scheduleReport();
    this.timers.push(setInterval(() => this.watchMaster(), 100));
    this.setHeartbeat(DEFAULT_HEARTBEAT_MS);
    this.greet();
  }

  leave(reason: string): void {
    if (!this.welcomed) return this.end();
    this.link.send({ type: 'leaving', reason });
    // The master answers with `drain`; one that is gone cannot.
    setTimeout(() => {
      if (!this.draining) this.end();
    }, this.missingAfterMs).unref();
  }

  kill(): void {
    this.end();
  }

  private hear(message: MasterMessage): void {
    this.heardMs = monotonicMs();
    switch (message.type) {
      case 'welcome':
        return this.welcome(message);
      case 'refused':
        return this.fail(
          new DrumlineError('refused', `The master refused this worker: ${message.message}`, message.hint),
        );
      case 'heartbeatReply':
        return this.adjustClock(message.echoMs, message.masterNowMs);
      case 'prepare':
        return void this.prepare(message);
      case 'bundleChunk':
        return this.bundles.take(message);
      case 'runPhase':
        return void this.runPhase(message);
      case 'assignment':
        if (this.run?.id !== message.runId || message.epoch < this.run.epoch) return;
        this.run.epoch = message.epoch;
        return this.lanes.assign(message);
      case 'start':
        return this.start(message);
      case 'drain':
        this.draining ??= this.drain(message);
        return;
      case 'reportAck':
        return this.outbox.acknowledge(message.seq);
      case 'dismiss':
        this.options.say(`The master has dismissed this worker: ${message.reason}.`);
        return this.end();
    }
  }

  private welcome({ heartbeatMs, missingAfterMs }: { heartbeatMs: Millis; missingAfterMs: Millis }): void {
    if (!this.everWelcomed) this.options.say(`Joined ${this.master} as ${this.options.name}.`);
    this.welcomed = true;
    this.everWelcomed = true;
    this.orphaned = false;
    this.missingAfterMs = missingAfterMs;
    this.setHeartbeat(heartbeatMs);
    this.beat();
    this.outbox.repeat();
  }

  private greet(): void {
    if (this.welcomed || this.ending) return;
    const { name, lanes } = this.options;
    this.link.send({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      version: VERSION,
      instance: this.instance,
      name,
      host: hostname(),
      pid: process.pid,
      lanes,
      node: process.version,
    });
  }

  private setHeartbeat(everyMs: Millis): void {
    clearInterval(this.heartbeat);
    this.heartbeat = setInterval(() => this.beat(), everyMs);
  }

  private beat(): void {
    if (!this.welcomed) return;
    this.link.send({
      type: 'heartbeat',
      sentAtMs: monotonicMs(),
      epoch: this.run?.epoch ?? 0,
      ...this.vitals(),
      lanes: this.lanes.all.map((lane) => ({
        lane: lane.number,
        state: lane.stalledMs > 0 ? 'stalled' : lane.machine.state,
        users: lane.vitals.users,
        cpu: lane.vitals.cpu,
        busy: lane.vitals.busy,
        memoryBytes: lane.vitals.memoryBytes,
        loopDelayMs: lane.takeLoopDelayMs(),
        stalledMs: lane.stalledMs,
      })),
    });
  }

  private adjustClock(sentAtMs: Millis, masterNowMs: Millis): void {
    this.clock.probe(sentAtMs, masterNowMs, monotonicMs());
    if (this.run?.startAtMasterMs !== undefined)
      this.lanes.adjustClock(this.toLocal(this.run.startAtMasterMs));
    this.earlyStart?.();
  }

  private toLocal(masterMs: Millis): Millis {
    return masterMs - this.clock.offsetMs;
  }

  private async prepare({ runId, bundle, plan }: Prepare): Promise<void> {
    if (this.run?.id === runId) return void this.link.send({ type: 'prepared', runId });
    this.run = { id: runId, epoch: 0 };
    try {
      await this.lanes.load({ code: await this.bundles.fetch(bundle), plan });
      this.link.send({ type: 'prepared', runId });
    } catch (error) {
      this.run = undefined;
      this.link.send({ type: 'prepared', runId, problem: messageOf(error) });
    }
  }

  private async runPhase({ runId, phase, setupResult }: RunPhase): Promise<void> {
    try {
      const result = await this.lanes.runPhase(phase, setupResult);
      await this.deliver();
      this.link.send({ type: 'phaseDone', runId, phase, result });
    } catch (error) {
      await this.deliver();
      this.link.send({ type: 'phaseDone', runId, phase, problem: messageOf(error) });
    }
  }

  private start({ runId, startAtMs, setupResult }: Start): void {
    const { run } = this;
    if (run?.id !== runId) return;
    const begin = (): void => {
      this.earlyStart = undefined;
      run.startAtMasterMs = startAtMs;
      this.lanes.start({ startAtMs: this.toLocal(startAtMs), setupResult });
    };
    if (this.clock.known) begin();
    else this.earlyStart = begin;
  }

  private async drain({ runId, stopTimeoutMs }: Drain): Promise<void> {
    const killedLanes = await this.lanes.drain(stopTimeoutMs);
    await this.deliver();
    this.link.send({ type: 'drained', runId, killedLanes });
  }

  /** Resolves when everything that the lanes have handed over so far is merged by the master. */
  private async deliver(): Promise<void> {
    this.report();
    await this.outbox.settled();
  }

  /** Reports a little after each second of the run, when the lanes have closed theirs. */
  private scheduleReport(): void {
    const startMs = this.run?.startAtMasterMs === undefined ? 0 : this.toLocal(this.run.startAtMasterMs);
    const sinceSecondMs = (monotonicMs() - startMs - REPORT_LAG_MS) % REPORT_EVERY_MS;
    this.reportTimer = setTimeout(
      () => {
        this.report();
        this.scheduleReport();
      },
      REPORT_EVERY_MS - ((sinceSecondMs + REPORT_EVERY_MS) % REPORT_EVERY_MS),
    );
  }

  private report(): void {
    if (this.run && this.welcomed) this.outbox.flush(this.run.id, this.run.epoch);
  }

  /** Notices that the master is silent, greets it anew, and gives up when the grace is over. */
  private watchMaster(): void {
    const silentMs = monotonicMs() - this.heardMs;
    const { connectTimeoutMs, orphanGraceMs } = this.options;
    const { master } = this;
    if (!this.everWelcomed) {
      if (connectTimeoutMs === null || monotonicMs() - this.bornMs < connectTimeoutMs) return;
      const waited = formatDuration(connectTimeoutMs);
      return this.fail(
        new DrumlineError(
          'master-unreachable',
          `No master answers at ${master} after ${waited}.`,
          'Start one with `drumline master SCENARIO --bind …`, or check the address and the firewall.',
        ),
      );
    }
    if (silentMs < this.missingAfterMs) return;
    if (this.welcomed) {
      this.welcomed = false;
      this.options.say(
        `The master at ${master} is silent; the load goes on for ${formatDuration(orphanGraceMs)}.`,
      );
    }
    if (silentMs < orphanGraceMs || this.orphaned) return;
    this.orphaned = true;
    void this.lanes
      .drain(0)
      .then(() =>
        this.fail(
          new DrumlineError(
            'master-unreachable',
            `The master at ${master} has been silent for ${formatDuration(silentMs)}; the load was stopped.`,
            'What it had not acknowledged by then is not in its report.',
          ),
        ),
      );
  }

  private fail(error: DrumlineError): void {
    this.end(error);
  }

  private end(error?: DrumlineError): void {
    if (this.ending) return;
    this.ending = true;
    clearInterval(this.heartbeat);
    clearTimeout(this.reportTimer);
    for (const timer of this.timers) clearInterval(timer);
    if (!error && this.welcomed) this.link.send({ type: 'goodbye', reason: 'ended' });
    void Promise.all([this.lanes.end(), this.link.close(200)]).then(() => {
      if (error) this.settle.reject(error);
      else this.settle.resolve();
    });
  }
}
