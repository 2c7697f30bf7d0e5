import { DrumlineError, formatDuration, messageOf, type Millis } from '@drumline/model';
import {
  whyItCannotTravel,
  type Drain,
  type MasterMessage,
  type PhaseDone,
  type Prepare,
  type Refused,
  type RunPhase,
  type Start,
} from '@drumline/wire';
import { monotonicMs } from '../monotonic.js';
import type { WorkerOptions } from '../options.js';
import { barredBy } from './barred.js';
import { BundleFetcher } from './bundle-fetch.js';
import { thisMachine, type WorkerMachine } from './machine.js';
import { MasterSession } from './master-session.js';
import { ReportOutbox } from './report-outbox.js';
import { WorkerLanes } from './worker-lanes.js';

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
export function startWorker(options: WorkerOptions, machine: WorkerMachine = thisMachine): WorkerHandle {
  return new Worker(options, machine);
}

const REPORT_EVERY_MS = 1_000;
/** The wish to leave is said again until the master lets the worker go. */
const LEAVING_EVERY_MS = 1_000;
/** Lanes hand a second over within 250 ms of its end. */
const REPORT_LAG_MS = 300;

/** What a phase gave, or what went wrong, in words. */
type PhaseOutcome = Pick<PhaseDone, 'result' | 'problem'>;

/** The run that this worker takes part in. */
interface CurrentRun {
  readonly id: string;
  /** Resolves when every lane has it, with what went wrong if something did. */
  readonly loading: Promise<string | undefined>;
  /** What came of `setup` or `teardown`, once it was asked for. */
  readonly phases: Map<RunPhase['phase'], Promise<PhaseOutcome>>;
  epoch: number;
  startAtMasterMs?: Millis;
}

class Worker implements WorkerHandle {
  readonly finished: Promise<void>;
  private readonly session: MasterSession;
  private readonly lanes: WorkerLanes;
  private readonly outbox: ReportOutbox;
  private readonly bundles: BundleFetcher;
  private settle!: { resolve: () => void; reject: (error: Error) => void };
  private run: CurrentRun | undefined;
  /** Resolves with the lanes that had to be killed. */
  private draining: Promise<number[]> | undefined;
  /** A start that came before it was known what time it is at the master. */
  private earlyStart: (() => void) | undefined;
  private reportTimer: NodeJS.Timeout | undefined;
  private patience: NodeJS.Timeout | undefined;
  private leaveTimer: NodeJS.Timeout | undefined;
  private ending = false;

  constructor(
    private readonly options: WorkerOptions,
    machine: WorkerMachine,
  ) {
    this.finished = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
    const vitals = machine.watchVitals();
    this.session = new MasterSession(options, machine, {
      joined: (again) => this.joined(again),
      clock: () => this.adjustClock(),
      silent: () => this.outliveMaster(),
      barred: (refusal) => this.barred(barredBy(refusal, this.session.address)),
      message: (message) => this.hear(message),
      vitals: () => ({ epoch: this.liveEpoch, ...vitals(), lanes: this.lanes.takeHealth() }),
    });
    const { link } = this.session;
    this.outbox = new ReportOutbox(link);
    this.bundles = new BundleFetcher(link);
    this.lanes = new WorkerLanes(options.name, options.lanes, options.laneHeapMb, machine, {
      deltas: (deltas) => this.outbox.add(deltas),
      incident: (incident) => link.send({ type: 'laneIncident', ...incident }),
      printed: (lane, line) => options.print(`${options.name}/${lane}: ${line}`),
    });
    this.scheduleReport();
    const { connectTimeoutMs } = options;
    if (connectTimeoutMs !== null)
      this.patience = setTimeout(() => this.giveUp(connectTimeoutMs), connectTimeoutMs);
  }

  leave(reason: string): void {
    const { session } = this;
    clearTimeout(this.leaveTimer);
    // The master answers with `drain`; one that is gone cannot.
    if (!session.welcomed && !this.draining) return this.end();
    session.link.send({ type: 'leaving', reason });
    this.leaveTimer = setTimeout(() => this.leave(reason), LEAVING_EVERY_MS);
  }

  kill(): void {
    this.end();
  }

  private hear(message: MasterMessage): void {
    switch (message.type) {
      case 'refused':
        return this.refused(message);
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
        return void this.drain(message);
      case 'reportAck':
        return this.outbox.acknowledge(message.seq);
      case 'dismiss':
        this.options.say(`Dismissed by the master: ${message.reason}.`);
        return this.end();
      case 'welcome':
      case 'heartbeatReply':
        return; // The session's own business.
    }
  }

  /** The assignment that is followed; 0 until there is a start too, so that the master says both again. */
  private get liveEpoch(): number {
    return this.run?.startAtMasterMs === undefined ? 0 : this.run.epoch;
  }

  private joined(again: boolean): void {
    clearTimeout(this.patience);
    if (!again) this.options.say(`Joined ${this.session.address} as ${this.options.name}.`);
    this.outbox.repeat();
  }

  private refused({ message, hint }: Refused): void {
    this.end(new DrumlineError('refused', `The master refused this worker: ${message}`, hint));
  }

  /** One that had been let in takes it for a silence: the master that it knows may come back. */
  private barred(error: DrumlineError): void {
    if (!this.session.everWelcomed) this.end(error);
    else this.options.say(error.message);
  }

  private async prepare({ runId, ...order }: Prepare): Promise<void> {
    this.outbox.maxSeries = order.plan.maxSeries;
    if (this.run?.id !== runId)
      this.run = { id: runId, epoch: 0, loading: this.load(order), phases: new Map() };
    const problem = await this.run.loading;
    this.session.link.send({ type: 'prepared', runId, ...(problem === undefined ? {} : { problem }) });
  }

  /** @returns what went wrong, in words, or nothing */
  private async load({
    bundle,
    plan,
    secrets = {},
  }: Pick<Prepare, 'bundle' | 'plan' | 'secrets'>): Promise<string | undefined> {
    try {
      await this.lanes.load({ code: await this.bundles.fetch(bundle), plan, secrets });
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  /** Asked again, it answers again and does nothing twice. */
  private async runPhase({ runId, phase, setupResult }: RunPhase): Promise<void> {
    if (this.run?.id !== runId) return;
    const { phases } = this.run;
    const running = phases.get(phase) ?? this.outcomeOf(phase, setupResult);
    phases.set(phase, running);
    const outcome = await running;
    await this.deliver();
    this.session.link.send({ type: 'phaseDone', runId, phase, ...outcome });
  }

  private outcomeOf(phase: RunPhase['phase'], setupResult: unknown): Promise<PhaseOutcome> {
    return this.lanes.runPhase(phase, setupResult).then(
      (result) => {
        const why = whyItCannotTravel(result);
        return why === undefined
          ? { result }
          : { problem: `what ${phase} gives cannot go to the lanes: ${why}` };
      },
      (error: unknown) => ({ problem: messageOf(error) }),
    );
  }

  private start({ runId, startAtMs, setupResult }: Start): void {
    const { run, session } = this;
    if (run?.id !== runId) return;
    const begin = (): void => {
      this.earlyStart = undefined;
      run.startAtMasterMs = startAtMs;
      this.lanes.start({ startAtMs: session.toLocal(startAtMs), setupResult });
    };
    if (session.clockKnown) begin();
    else this.earlyStart = begin;
  }

  private adjustClock(): void {
    this.earlyStart?.();
    if (this.run?.startAtMasterMs === undefined) return;
    this.lanes.adjustClock(this.session.toLocal(this.run.startAtMasterMs));
  }

  /** Asked again, it answers again: the answer may have been lost. */
  private async drain({ runId, stopTimeoutMs }: Drain): Promise<void> {
    this.draining ??= this.lanes.drain(stopTimeoutMs);
    const killedLanes = await this.draining;
    await this.deliver();
    this.session.link.send({ type: 'drained', runId, killedLanes });
  }

  /** Resolves when everything that the lanes have handed over so far is merged by the master. */
  private async deliver(): Promise<void> {
    this.report();
    await this.outbox.settled();
  }

  /** Reports a little after each second of the run, when the lanes have closed theirs. */
  private scheduleReport(): void {
    const startAtMs = this.run?.startAtMasterMs;
    const zeroMs = startAtMs === undefined ? 0 : this.session.toLocal(startAtMs);
    const sinceSecondMs = (monotonicMs() - zeroMs - REPORT_LAG_MS) % REPORT_EVERY_MS;
    this.reportTimer = setTimeout(
      () => {
        this.report();
        this.scheduleReport();
      },
      REPORT_EVERY_MS - ((sinceSecondMs + REPORT_EVERY_MS) % REPORT_EVERY_MS),
    );
  }

  private report(): void {
    if (this.run && this.session.welcomed) this.outbox.flush(this.run.id, this.run.epoch);
  }

  /** The master is silent: the load goes on for a while, and is stopped if it does not come back. */
  private outliveMaster(): void {
    const { orphanGraceMs, say } = this.options;
    say(
      `The master at ${this.session.address} is silent; the load goes on for ${formatDuration(orphanGraceMs)}.`,
    );
    this.patience = setTimeout(
      () => void this.stopOrphan(),
      Math.max(0, orphanGraceMs - this.session.silentMs),
    );
  }

  private async stopOrphan(): Promise<void> {
    await this.lanes.drain(0);
    const silence = `The master at ${this.session.address} has been silent for ${formatDuration(this.session.silentMs)}`;
    const { refusal, address } = this.session;
    if (refusal) return this.end(barredBy(refusal, address));
    this.end(
      new DrumlineError(
        'master-unreachable',
        `${silence}; the load was stopped.`,
        'What it had not acknowledged by then is not in its report.',
      ),
    );
  }

  private giveUp(waitedMs: Millis): void {
    this.end(
      new DrumlineError(
        'master-unreachable',
        `No master answers at ${this.session.address} after ${formatDuration(waitedMs)}.`,
        'Start one with `drumline master SCENARIO --bind …`, or check the address and the firewall.',
      ),
    );
  }

  private end(error?: DrumlineError): void {
    if (this.ending) return;
    this.ending = true;
    clearTimeout(this.reportTimer);
    clearTimeout(this.patience);
    clearTimeout(this.leaveTimer);
    if (!error && this.session.welcomed) this.session.link.send({ type: 'goodbye', reason: 'ended' });
    void Promise.all([this.lanes.end(), this.session.close()]).then(() => {
      if (error) this.settle.reject(error);
      else this.settle.resolve();
    });
  }
}
