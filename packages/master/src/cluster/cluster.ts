import type { Millis, Plan } from '@drumline/model';
import type { ScenarioBundle } from '@drumline/scenario/project';
import type {
  BundleRequest,
  Goodbye,
  Heartbeat,
  MasterLink,
  PhaseDone,
  Welcome,
  WorkerMessage,
} from '@drumline/wire';
import { masterNowMs } from '../clock.js';
import { Allocation, type AllocationParts } from './allocation.js';
import type { ClusterEvents } from './cluster-events.js';
import { Dispatch } from './dispatch.js';
import { doorkeeperOf } from './doorkeeper.js';
import { DrainOrder } from './drain-order.js';
import { Offer } from './offer.js';
import { PhaseCalls } from './phase-calls.js';
import { whyImplausible } from './plausible.js';
import { Preparation } from './preparation.js';
import { Registry, type WorkerRecord } from './registry.js';
import { ReconnectGrace, owesReports } from './reconnect-grace.js';
import type { StartedState } from '../store/run-store.js';

/** Workers try to reconnect at least every two seconds. */
const RECONNECT_WITHIN_MS = 3_000;
const COMPLETE = 'all its results are in the report';
const NONE: ReadonlyMap<string, string> = new Map();

/** Coordinates the workers of a run: prepares them, places users on them, and drains them. */
export class Cluster {
  readonly registry: Registry;
  private offer: Offer | undefined;
  private preparation: Preparation | undefined;
  private dispatch: Dispatch | undefined;
  private allocation: Allocation | undefined;
  private drainOrder: DrainOrder | undefined;
  private readonly leaving = new Set<WorkerRecord>();
  private readonly phases: PhaseCalls;
  private reconnectGrace: ReconnectGrace | undefined;
  private over = false;

  constructor(
    private readonly link: MasterLink,
    private readonly events: ClusterEvents,
    private readonly terms: Pick<Welcome, 'runId' | 'heartbeatMs' | 'missingAfterMs'>,
  ) {
    this.registry = new Registry(
      {
        joined: (worker) => this.onJoined(worker),
        returned: (worker) => this.onReturned(worker),
        lost: (worker, silentMs) => this.onLost(worker, silentMs),
        refused: (kind, why) => events.refused(kind, why),
      },
      (peer, message) => link.send(peer, message),
      masterNowMs,
      () => link.unreadForMs,
      terms,
    );
    this.phases = new PhaseCalls(({ peer }, order) => link.send(peer, order));
    link.listen(
      (peer, message) => {
        try {
          this.receive(peer, message);
        } catch (error) {
          // A single bad message must not end the run.
          events.defect(message.type, error);
        }
      },
      doorkeeperOf(this.registry, events),
    );
  }

  /** The workers that take part in the run. */
  get running(): WorkerRecord[] {
    return this.registry.inState('running');
  }

  get ready(): WorkerRecord[] {
    return this.registry.inState('ready');
  }

  /** Why workers could not load the scenario, by worker name. */
  get excluded(): ReadonlyMap<string, string> {
    return this.preparation?.excluded ?? NONE;
  }

  /** Asks all present and future workers to load the scenario. */
  prepare(runId: string, bundle: ScenarioBundle, plan: Plan): Dispatch {
    this.dispatch = new Dispatch(runId, plan);
    this.offer = new Offer(runId, bundle, plan);
    this.preparation = new Preparation(this.offer, this.link, this.events);
    for (const worker of this.registry.inState('idle')) this.offerTo(worker);
    return this.dispatch;
  }

  /** Resumes a run that another master began. Waits for its workers and leaves them their users. */
  resume({ run, workers }: StartedState, startAtMs: Millis): Dispatch {
    const dispatch = this.prepare(run.runId, run.bundle, run.plan);
    dispatch.restore(run);
    const start = { startAtMs, setupResult: run.setupResult };
    this.allocation = new Allocation(this.allocationOf(run.runId, dispatch, start));
    this.registry.restore(workers);
    const owes = owesReports(workers, dispatch);
    for (const worker of this.registry.workers) worker.hadUsers = owes(worker);
    const awaited = this.registry.inState('missing').filter(owes);
    this.reconnectGrace = new ReconnectGrace(awaited, this.terms.missingAfterMs + RECONNECT_WITHIN_MS, {
      absent: (worker) => this.onLost(worker, masterNowMs() - worker.lastSeenMs),
      over: () => {
        this.reconnectGrace = undefined;
        this.placeUsers();
        this.checkSettled();
      },
    });
    return dispatch;
  }

  /** Whether workers that ran under the previous master may still come back. */
  get inReconnectGrace(): boolean {
    return this.reconnectGrace !== undefined;
  }

  /** Whether this worker may still come back from the previous master. */
  awaits(worker: WorkerRecord): boolean {
    return this.reconnectGrace?.awaits(worker) === true;
  }

  /**
   * Places users on the ready workers and starts them.
   * @param save resolves when another master could resume the run; workers start after it
   */
  start(startAtMs: Millis, setupResult: unknown, save: () => Promise<void>): void {
    for (const worker of this.ready) worker.machine.send('start');
    const start = { startAtMs, setupResult };
    this.allocation = Allocation.begin(this.allocationOf(this.offer!.runId, this.dispatch!, start), save);
  }

  /** Requests a placement on the running workers. Workers whose orders change get new ones. */
  placeUsers(): void {
    this.allocation?.placeUsers();
  }

  /** Runs `setup` or `teardown` on a worker. @returns undefined if the worker was lost meanwhile */
  runPhase(
    worker: WorkerRecord,
    phase: 'setup' | 'teardown',
    setupResult?: unknown,
  ): Promise<PhaseDone | undefined> {
    const { runId } = this.offer!;
    return this.phases.ask(worker, { type: 'runPhase', runId, phase, setupResult });
  }

  /** Stops all users. Resolves when all workers reported or are lost, or after `limitMs`. */
  async drain(stopTimeoutMs: Millis, limitMs: Millis): Promise<void> {
    this.allocation?.close();
    this.drainOrder = new DrainOrder(stopTimeoutMs, limitMs);
    for (const worker of this.registry.inState('running', 'ready', 'preparing')) this.drainWorker(worker);
    this.checkSettled();
    await this.drainOrder.settled;
  }

  /**
   * Dismisses all workers, waits briefly for their goodbyes, and closes the link.
   * @param reason sent to the workers, or `null` to leave them waiting for another master
   */
  async close(reason: string | null): Promise<void> {
    this.over = true;
    this.allocation?.close();
    if (reason !== null) await this.registry.dismissAll(reason);
    this.registry.close();
    this.reconnectGrace?.close();
    await this.link.close();
  }

  private allocationOf(runId: string, dispatch: Dispatch, start: AllocationParts['start']): AllocationParts {
    return { runId, dispatch, start, workers: this, link: this.link, onPlaced: () => this.events.placed() };
  }

  private receive(peer: string, message: WorkerMessage): void {
    if (message.type === 'hello') return this.registry.greet(peer, message, this.over);
    if (!this.registry.knows(peer)) return this.events.refused('stranger', `a '${message.type}'`);
    const worker = this.registry.markSeen(peer);
    if (!worker) return;
    const implausible = whyImplausible(worker, message);
    if (implausible !== undefined) {
      return this.events.refused('nonsense', `a '${message.type}' from ${worker.id}: ${implausible}`);
    }
    switch (message.type) {
      case 'heartbeat':
        return this.onHeartbeat(worker, message);
      case 'bundleRequest':
        return this.onBundleRequest(worker, message);
      case 'prepared':
        return message.runId === this.offer?.runId ? this.onPrepared(worker, message.problem) : undefined;
      case 'phaseDone':
        return message.runId === this.offer?.runId ? this.phases.done(worker, message) : undefined;
      case 'laneIncident':
        if (this.events.incident(worker, message)) this.placeUsers();
        return;
      case 'statsReport':
        return void this.events
          .report(worker, message)
          .then((ack) => this.link.send(peer, { type: 'reportAck', ...ack }));
      case 'drained':
        return this.onDrained(worker, message.killedLanes);
      case 'leaving':
        return this.onLeaving(worker, message.reason);
      case 'goodbye':
        return this.onGoodbye(worker, message);
    }
  }

  private onJoined(worker: WorkerRecord): void {
    this.events.joined(worker);
    this.offerTo(worker);
  }

  private onReturned(worker: WorkerRecord): void {
    if (this.awaits(worker)) this.events.rejoined(worker);
    else this.events.returned(worker);
    if (!this.drainOrder && !this.leaving.has(worker)) return this.offerTo(worker);
    this.drainWorker(worker);
    this.reconnectGrace?.settled(worker);
  }

  private onLost(worker: WorkerRecord, silentMs: Millis): void {
    this.events.lost(worker, silentMs);
    this.placeUsers();
    this.onGone(worker);
  }

  private onHeartbeat(worker: WorkerRecord, heartbeat: Heartbeat): void {
    this.link.send(worker.peer, {
      type: 'heartbeatReply',
      echoMs: heartbeat.sentAtMs,
      masterNowMs: masterNowMs(),
    });
    this.registry.beat(worker, heartbeat);
    this.reconcile(worker, heartbeat.epoch);
    if (this.events.heartbeat(worker)) this.placeUsers();
  }

  /** Repeats orders that a heartbeat shows as lost. All of them are idempotent. */
  private reconcile(worker: WorkerRecord, epoch: number): void {
    const { state } = worker.machine;
    this.phases.askAgain(worker);
    if (state === 'preparing') this.preparation!.ask(worker);
    else if (state === 'draining')
      this.link.send(worker.peer, this.offer!.drain(this.drainOrder?.stopTimeoutMs));
    else if (state === 'running') this.allocation!.reconcile(worker, epoch);
  }

  private onBundleRequest(worker: WorkerRecord, { bundleId, offset }: BundleRequest): void {
    if (this.preparation?.sendChunk(worker, bundleId, offset) === true) return;
    this.events.refused('nonsense', `${worker.id} requested another bundle, or this one too often`);
  }

  private onPrepared(worker: WorkerRecord, problem: string | undefined): void {
    const isReady = this.preparation!.finish(worker, problem);
    if (problem !== undefined) return this.reconnectGrace?.settled(worker);
    if (!isReady || !this.allocation || this.drainOrder) return;
    worker.machine.send('start');
    this.allocation.admit(worker);
    this.reconnectGrace?.settled(worker);
  }

  private onLeaving(worker: WorkerRecord, reason: string): void {
    this.leaving.add(worker);
    const { state } = worker.machine;
    if (state === 'draining') return;
    if (this.offer) this.drainWorker(worker);
    else this.dismiss(worker);
    this.events.left(worker, reason, true);
    if (state === 'running') this.placeUsers();
    this.reconnectGrace?.settled(worker);
  }

  private onGoodbye(worker: WorkerRecord, { reason, complete }: Goodbye): void {
    if (worker.machine.send('leave')) this.events.left(worker, reason, complete);
    this.placeUsers();
    this.onGone(worker);
  }

  private onDrained(worker: WorkerRecord, killedLanes: readonly number[]): void {
    if (!worker.machine.send('drained')) return;
    this.events.drained(worker, killedLanes);
    // A worker that still runs `setup` or `teardown` asks to leave again when that is done.
    if (this.leaving.has(worker) && !this.phases.awaits(worker)) this.dismiss(worker);
    this.checkSettled();
  }

  /** The worker will send nothing more, at least for now. */
  private onGone(worker: WorkerRecord): void {
    this.phases.lost(worker);
    this.reconnectGrace?.settled(worker);
    this.checkSettled();
  }

  private dismiss(worker: WorkerRecord): void {
    worker.machine.send('leave');
    this.placeUsers();
    this.link.send(worker.peer, { type: 'dismiss', reason: COMPLETE, runOver: false });
  }

  private offerTo(worker: WorkerRecord): void {
    if (!this.drainOrder) this.preparation?.begin(worker);
  }

  private drainWorker(worker: WorkerRecord): void {
    worker.machine.send('drain');
    this.link.send(worker.peer, this.offer!.drain(this.drainOrder?.stopTimeoutMs));
  }

  private checkSettled(): void {
    if (!this.reconnectGrace && this.registry.inState('draining').length === 0) this.drainOrder?.settle();
  }
}
