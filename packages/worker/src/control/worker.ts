import { DrumlineError, type Millis } from '@drumline/model';
import type { MasterMessage, Prepare, Refused } from '@drumline/wire';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { WorkerOptions } from '../options.js';
import { rejectionError } from './rejection.js';
import { ArtifactFetcher } from './artifact-fetch.js';
import { DroppedRuns } from './dropped-runs.js';
import { loadHeld, masterLost, masterSilent, neverAnswered } from './lost-master.js';
import { thisMachine, type WorkerMachine } from './machine.js';
import { MasterSession } from './master-session.js';
import { RunShare } from './run-share.js';
import { WorkerLanes } from './worker-lanes.js';

export interface WorkerHandle {
  /**
   * Resolves when the master has dismissed or drained the worker, or when the worker has left by
   * itself before the end of the run. Otherwise rejects with a DrumlineError.
   */
  readonly finished: Promise<'dismissed' | 'left'>;
  /**
   * Leaves gracefully: its users move to other workers, running tasks finish, and everything is
   * reported.
   */
  leave(reason: string): void;
  kill(): void;
}

/** Starts a worker that joins a master and follows its orders until it is dismissed. */
export function startWorker(options: WorkerOptions, machine: WorkerMachine = thisMachine): WorkerHandle {
  return new Worker(options, machine);
}

const REPORT_EVERY_MS = 1_000;
/** The message to leave is repeated until the master dismisses the worker. */
const LEAVING_EVERY_MS = 1_000;
/** Lanes hand over a second right after its end. A busy one has time until then. */
const REPORT_LAG_MS = 200;
/** A reachable master answers sooner. After this time a log line explains the wait. */
const FIRST_ANSWER_WITHIN_MS = 3_000;
/** `setTimeout` fires longer timers at once. */
const MAX_TIMER_MS: Millis = 2 ** 31 - 1;

class Worker implements WorkerHandle {
  readonly finished: Promise<'dismissed' | 'left'>;
  private readonly session: MasterSession;
  /** The lanes of the current run. Lanes are not reused for another run. */
  private lanes: WorkerLanes;
  private readonly artifacts: ArtifactFetcher;
  private settle!: { resolve: (how: 'dismissed' | 'left') => void; reject: (error: Error) => void };
  private run: RunShare | undefined;
  private readonly dropped: DroppedRuns;
  private reportTimer: NodeJS.Timeout | undefined;
  private giveUpTimer: NodeJS.Timeout | undefined;
  /** Runs until a master has answered. */
  private readonly firstAnswer: NodeJS.Timeout;
  private leaveTimer: NodeJS.Timeout | undefined;
  private loggedWait = false;
  private ending = false;
  /** Who ordered the worker to leave. Undefined also once it knows that the run is over. */
  private leaving: 'drained' | 'by itself' | undefined;

  constructor(
    private readonly options: WorkerOptions,
    private readonly machine: WorkerMachine,
  ) {
    this.finished = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
    const vitals = machine.watchVitals();
    const use = machine.watchUse(() => this.lanes.pids);
    this.dropped = new DroppedRuns({ log: options.log, stuck: (error) => this.end(error, false) });
    this.session = new MasterSession(options, machine, {
      joined: (runId, again) => this.joined(runId, again),
      clock: () => this.run?.adjustClock(),
      lapsed: () => this.lanes.lapse(),
      otherClock: () => this.run?.awaitStart(),
      drained: () => this.drained(),
      silent: () => this.onMasterSilent(),
      rejected: (refusal) => this.rejected(rejectionError(refusal, this.session.address)),
      message: (message) => this.receive(message),
      runId: () => this.run?.id,
      vitals: () => ({
        epoch: this.run?.epochInForce ?? 0,
        ...vitals(),
        ...use(),
        lanes: this.lanes.takeHealth(),
        ...this.lanes.progress,
        ...(this.dropped.isEnding && { isEnding: true }),
      }),
    });
    this.artifacts = new ArtifactFetcher(this.session.link);
    this.lanes = this.bootLanes();
    this.scheduleReport();
    this.firstAnswer = setTimeout(
      () => options.log(`No master answers at ${this.session.address} yet. Waiting for it.`),
      FIRST_ANSWER_WITHIN_MS,
    );
    const { connectTimeoutMs } = options;
    if (connectTimeoutMs === null) return;
    const giveUp = (): void => this.end(neverAnswered(this.session.address, connectTimeoutMs));
    this.giveUpTimer = setTimeout(giveUp, connectTimeoutMs);
  }

  leave(reason: string): void {
    clearTimeout(this.leaveTimer);
    if (this.ending) return;
    this.leaving ??= 'by itself';
    if (!this.run) return this.end();
    // The master answers with `drain`. A master that is gone cannot, but may come back.
    if (this.session.welcomed) this.session.link.send({ type: 'leaving', reason });
    else void this.stopWithoutMaster(this.run);
    this.leaveTimer = setTimeout(() => this.leave(reason), LEAVING_EVERY_MS);
  }

  kill(): void {
    this.end();
    this.dropped.endNow();
  }

  private drained(): void {
    if (this.leaving) return;
    this.options.log('Leaving: the master drains this worker. Running tasks may finish.');
    this.leaving = 'drained';
    this.leave('drained');
  }

  private receive(message: MasterMessage): void {
    switch (message.type) {
      case 'refused':
        return this.refused(message);
      case 'prepare':
        return this.prepare(message);
      case 'artifactChunk':
        return this.artifacts.take(message);
      case 'runPhase':
        return void this.shareOf(message)?.runPhase(message);
      case 'assignment':
        return this.shareOf(message)?.assign(message);
      case 'start':
        return this.shareOf(message)?.start(message);
      case 'drain':
        return void this.shareOf(message)?.drain(message, this.leaving !== undefined);
      case 'reportAck':
        return this.shareOf(message)?.outbox.acknowledge(message);
      case 'sharedReply':
      case 'sharedWake':
        return this.shareOf(message)?.shared.hear(message);
      case 'dismiss':
        this.options.log(`Dismissed by the master: ${message.reason}.`);
        if (message.runOver) this.leaving = undefined;
        return this.end();
      case 'welcome':
      case 'heartbeatReply':
        return; // Handled by the session.
    }
  }

  /** The run that a message is about; undefined if it is another run. */
  private shareOf({ runId }: { readonly runId: string }): RunShare | undefined {
    return this.run?.id === runId ? this.run : undefined;
  }

  private joined(runId: string, again: boolean): void {
    clearTimeout(this.giveUpTimer);
    clearTimeout(this.firstAnswer);
    if (this.ending) return;
    if (!again) this.options.log(`Joined ${this.session.address} as ${this.options.name}.`);
    if (this.run && this.run.id !== runId) this.dropRun(this.run);
    this.run?.welcomed();
  }

  /**
   * Drops a run that the master no longer has, or whose workers do not include this one. Its lanes
   * are replaced, because no state of its scenario may reach another run.
   */
  private dropRun(run: RunShare): void {
    const { log } = this.options;
    const { problem } = run;
    if (problem !== undefined) log(`Excluded from run ${run.id}, because it could not load it: ${problem}`);
    else if (run.mayRunUsers)
      log(`The master at ${this.session.address} no longer has this run. Its users stop.`);
    this.run = undefined;
    this.artifacts.abandon();
    this.lanes = this.bootLanes(this.dropped.drop(run));
    void this.dropped.gone?.then(() => this.session.beat());
  }

  /** The run of these lanes, if they have been in one. */
  private runOf(lanes: WorkerLanes): RunShare | undefined {
    return this.run?.lanes === lanes ? this.run : this.dropped.of(lanes);
  }

  private bootLanes(predecessorsGone?: Promise<unknown>): WorkerLanes {
    const { options, session } = this;
    const lanes: WorkerLanes = new WorkerLanes(
      options,
      this.machine,
      {
        leaseUntilMs: () => session.leaseUntilMs,
        held: () => options.log(loadHeld(session.address, session.unansweredMs)),
        deltas: (deltas) => this.runOf(lanes)?.outbox.add(deltas),
        shared: (lane, batch) => this.runOf(lanes)?.shared.add(lane, batch),
        findings: (findings) => lanes === this.lanes && this.run?.outbox.addFindings(findings),
        incident: (incident) => {
          if (lanes !== this.lanes) return;
          if (this.run) this.run.addIncident(incident);
          else session.link.send({ type: 'laneIncident', ...incident });
        },
        stopRun: (stopRun) => {
          if (this.run?.lanes === lanes) this.run.askToStop(stopRun);
        },
        released: (releases) => this.runOf(lanes)?.release(releases),
        partDone: () => session.beat(),
        printed: (lane, line) => options.print(`${options.name}/${lane}: ${line}`),
      },
      predecessorsGone,
    );
    return lanes;
  }

  private refused({ message, hint }: Refused): void {
    this.end(new DrumlineError('refused', `The master refused this worker: ${message}`, hint));
  }

  /** A worker that was admitted before treats it as silence: its master may come back. */
  private rejected(error: DrumlineError): void {
    if (!this.session.everWelcomed) this.end(error);
    else this.options.log(error.message);
  }

  private prepare(order: Prepare): void {
    // A late message from the previous master, or one that arrived before the welcome. The master
    // repeats it.
    if (this.ending || order.runId !== this.session.runId) return;
    if (this.run?.id !== order.runId)
      this.run = new RunShare(order, this.lanes, this.session, this.artifacts, this.machine);
    void this.run.prepare();
  }

  /** Reports shortly after each second of the run, when the lanes have handed over theirs. */
  private scheduleReport(): void {
    const sinceSecondMs = (monotonicMs() - (this.run?.startAtMs ?? 0) - REPORT_LAG_MS) % REPORT_EVERY_MS;
    this.reportTimer = setTimeout(
      () => {
        this.run?.report();
        this.scheduleReport();
      },
      REPORT_EVERY_MS - ((sinceSecondMs + REPORT_EVERY_MS) % REPORT_EVERY_MS),
    );
  }

  /**
   * Handles a silent master. The load continues until its lease expires; the worker keeps trying to
   * reconnect.
   */
  private onMasterSilent(): void {
    this.options.log(masterSilent(this.session.address, this.run?.mayRunUsers === true, this.options));
    this.waitForMaster();
  }

  /**
   * Waits for the master. Counts from its last message, including messages that were not read while
   * this worker stalled.
   */
  private waitForMaster(): void {
    const { retryLeftMs } = this;
    if (retryLeftMs <= 0) return void this.giveUp();
    this.giveUpTimer = setTimeout(() => this.waitForMaster(), Math.min(retryLeftMs, MAX_TIMER_MS));
  }

  /** How much longer to wait for a silent master. */
  private get retryLeftMs(): Millis {
    const { orphanGraceMs, reconnectForMs } = this.options;
    return Math.max(orphanGraceMs, reconnectForMs) - this.session.silentMs;
  }

  private async giveUp(): Promise<void> {
    const { run } = this;
    await (run?.stop(0) ?? this.lanes.drain(0));
    // After a stall of this process, messages from the master may wait to be read. Read them before
    // the second check.
    await new Promise((resolve) => setImmediate(resolve));
    // The master has come back and can receive the remaining reports.
    if (this.session.welcomed) return this.leave('its load has been stopped');
    if (this.retryLeftMs > 0) return this.waitForMaster();
    const { address, silentMs, refusal } = this.session;
    if (refusal) return this.end(rejectionError(refusal, address));
    this.end(masterLost(address, silentMs, run?.outbox.undelivered));
  }

  /**
   * Leaves without a master: stops the users, then waits as long as allowed for the master to
   * accept the remaining reports.
   */
  private async stopWithoutMaster(run: RunShare): Promise<void> {
    const { session } = this;
    await run.stop(undefined, true);
    if (session.welcomed || run !== this.run) return;
    if (run.isComplete) return this.end();
    if (!this.loggedWait)
      this.options.log(`Waiting for the master at ${session.address} to receive the remaining results.`);
    this.loggedWait = true;
  }

  /** @param waits whether to wait until all lanes have ended */
  private end(error?: DrumlineError, waits = true): void {
    if (this.ending) return;
    this.ending = true;
    clearTimeout(this.reportTimer);
    clearTimeout(this.giveUpTimer);
    clearTimeout(this.firstAnswer);
    clearTimeout(this.leaveTimer);
    const { isComplete = true, mayRunUsers = false } = this.run ?? {};
    const ended = this.lanes.end();
    // Others get its users and rows with the goodbye.
    const closed = Promise.resolve(mayRunUsers && ended).then(() => this.session.close(isComplete));
    void Promise.all([waits && ended, waits && this.dropped.gone, closed]).then(() => {
      if (error) this.settle.reject(error);
      else this.settle.resolve(this.leaving === 'by itself' ? 'left' : 'dismissed');
    });
  }
}
