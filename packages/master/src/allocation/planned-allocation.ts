import type { Millis, Plan } from '@drumline/model';
import type { ScenarioBundle } from '@drumline/scenario/project';
import type { ArtifactRequest, Heartbeat, PhaseDone, Prepared, Release } from '@drumline/wire';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { Cluster } from '../cluster/cluster.js';
import type { RunMessage } from '../cluster/listener.js';
import type { AllocationEvents } from './allocation-events.js';
import { Departures } from './departures.js';
import { Dispatch, type StoredPlacement } from './dispatch.js';
import { DrainOrder } from './drain-order.js';
import { Offer } from './offer.js';
import type { Participant, StoredParticipant } from './participant.js';
import type { ParticipantList } from './participant-list.js';
import { PhaseCalls } from './phase-calls.js';
import { Preparation } from './preparation.js';
import { owesReports, ReconnectGrace } from './reconnect-grace.js';
import { UserPlacement, type RunStart } from './user-placement.js';

/** Workers try to reconnect at least every two seconds. */
const RECONNECT_WITHIN_MS = 3_000;
export const COMPLETE = 'all its results are in the report';

interface Parts {
  readonly runId: string;
  readonly bundle: ScenarioBundle;
  readonly plan: Plan;
  readonly cluster: Pick<Cluster, 'send' | 'dismiss' | 'exclude' | 'terms' | 'giveUp' | 'takeNoMore'>;
  readonly participants: ParticipantList;
  readonly events: AllocationEvents;
}

/** Prepares the workers of a run, places users on them, and drains them. */
export class PlannedAllocation {
  readonly dispatch: Dispatch;
  private readonly offer: Offer;
  private readonly preparation: Preparation;
  private readonly phases: PhaseCalls;
  private readonly leavingWorkers = new Set<Participant>();
  private readonly departures: Departures;
  /** Once the run has started. */
  private placement: UserPlacement | undefined;
  private drainOrder: DrainOrder | undefined;
  private reconnectGrace: ReconnectGrace | undefined;

  /** @throws DrumlineError `scenario-invalid` if the bundle does not match its hash */
  constructor(private readonly parts: Parts) {
    const { runId, bundle, plan, cluster, events } = parts;
    this.dispatch = new Dispatch(runId, plan);
    this.offer = new Offer(runId, bundle, plan);
    this.preparation = new Preparation(this.offer, cluster, events);
    this.phases = new PhaseCalls(({ member }, order) => cluster.send(member, order));
    this.departures = new Departures({
      busyUntilMs: (worker) => this.dispatch.busyUntilMs(worker),
      runMs: () => this.placement?.runMs ?? 0,
      drain: (worker) => this.leaveNow(worker),
    });
  }

  get participants(): ParticipantList {
    return this.parts.participants;
  }

  /** Why workers could not load the scenario, by worker name. */
  get excluded(): ReadonlyMap<string, string> {
    return this.preparation.excluded;
  }

  /** Whether workers that ran under the previous master may still come back. */
  get inReconnectGrace(): boolean {
    return this.reconnectGrace !== undefined;
  }

  /** Whether this worker may still come back from the previous master. */
  awaits(worker: Participant): boolean {
    return this.reconnectGrace?.awaits(worker) === true;
  }

  /** Continues with the placement of another master, once its workers are back or given up. */
  resume(placement: StoredPlacement, start: RunStart, stored: readonly StoredParticipant[]): void {
    const { dispatch, participants } = this;
    dispatch.restore(placement);
    this.placement = new UserPlacement(this.placementOf(start));
    const owes = owesReports(stored, dispatch);
    for (const worker of participants.all) worker.hadUsers = owes(worker);
    const awaited = participants.inState('missing').filter(owes);
    const limitMs = this.parts.cluster.terms.missingAfterMs + RECONNECT_WITHIN_MS;
    this.reconnectGrace = new ReconnectGrace(awaited, limitMs, {
      absent: (worker) => {
        this.parts.events.lost(worker, monotonicMs() - worker.member.lastSeenMs);
        this.gone(worker);
        this.parts.cluster.giveUp(worker.member);
      },
      over: () => {
        this.reconnectGrace = undefined;
        this.placeUsers();
        this.checkSettled();
      },
    });
  }

  /**
   * Places users on the ready workers and starts them.
   * @param save resolves when another master could resume the run; workers start after it
   */
  start(start: RunStart, save: () => Promise<void>): void {
    for (const worker of this.participants.ready) worker.send('start');
    this.placement = UserPlacement.begin(this.placementOf(start), save);
  }

  /** Requests a placement on the running workers. Workers whose orders change get new ones. */
  placeUsers(): void {
    this.placement?.placeUsers();
  }

  /** Runs `setup` or `teardown` on a worker. @returns undefined if the worker was lost meanwhile */
  runPhase(
    worker: Participant,
    phase: 'setup' | 'teardown',
    setupResult?: unknown,
  ): Promise<PhaseDone | undefined> {
    return this.phases.ask(worker, { type: 'runPhase', runId: this.offer.runId, phase, setupResult });
  }

  /** Stops all users. Resolves when all workers reported or are lost, or after `limitMs`. */
  async drain(stopTimeoutMs: Millis, limitMs: Millis): Promise<void> {
    this.parts.cluster.takeNoMore(this.parts.runId);
    this.placement?.close();
    this.departures.close();
    this.drainOrder = new DrainOrder(stopTimeoutMs, limitMs);
    for (const worker of this.participants.inState('running', 'ready', 'preparing')) this.drainWorker(worker);
    this.checkSettled();
    await this.drainOrder.settled;
  }

  close(): void {
    this.placement?.close();
    this.departures.close();
    this.reconnectGrace?.close();
  }

  /** Asks an idle worker to load the scenario, unless the run is ending. */
  offerTo(worker: Participant): void {
    if (!this.drainOrder) this.preparation.begin(worker);
  }

  /** A missing worker is back. */
  returned(worker: Participant): void {
    if (this.awaits(worker)) this.parts.events.rejoined(worker);
    else this.parts.events.returned(worker);
    if (!this.drainOrder && !this.leavingWorkers.has(worker)) return this.offerTo(worker);
    this.drainWorker(worker);
    this.reconnectGrace?.settled(worker);
  }

  /** The worker sends nothing more, at least for now. */
  gone(worker: Participant): void {
    this.departures.forget(worker);
    if (this.placement) this.dispatch.lose(worker, this.placement.runMs);
    this.placeUsers();
    this.phases.lost(worker);
    this.reconnectGrace?.settled(worker);
    this.checkSettled();
  }

  leaving(worker: Participant, reason: string): void {
    this.leavingWorkers.add(worker);
    const { state } = worker;
    if (state === 'draining' || this.handingOver.has(worker)) return;
    const handsOver = state === 'running' && this.dispatch.grantsSlots && !this.inReconnectGrace;
    if (handsOver && !this.drainOrder) this.departures.begin(worker);
    else this.drainWorker(worker);
    this.parts.events.left(worker, reason, true);
    if (state === 'running') this.placeUsers();
    this.reconnectGrace?.settled(worker);
  }

  /** The running workers that hand over their slots before they leave. */
  get handingOver(): ReadonlySet<Participant> {
    return this.departures.workers;
  }

  /**
   * Repeats orders that a heartbeat shows as lost. All of them are idempotent. @param epoch that
   * the worker reports
   */
  reconcile(worker: Participant, epoch: number): void {
    const { state } = worker;
    this.phases.askAgain(worker);
    if (state === 'preparing') this.preparation.ask(worker);
    else if (state === 'draining') this.sendDrain(worker);
    else if (state === 'running') this.placement?.reconcile(worker, epoch);
  }

  /** What a heartbeat says about slots. */
  hear(worker: Participant, heartbeat: Heartbeat): void {
    if (heartbeat.released) this.released(worker, heartbeat.released);
    const { epoch, positions } = heartbeat;
    if (!positions || !this.placement) return;
    if (epoch > 0) worker.lastOrdered = { epoch, positions };
    this.dispatch.hear(worker, heartbeat, this.placement.runMs);
  }

  /** Lanes of the worker have handed slots over, or had to. */
  private released(worker: Participant, releases: readonly Release[]): void {
    const freed = releases.filter((release) => this.dispatch.handOver(worker, release));
    // The incident may wait for the acknowledgement of a report.
    for (const { lane, crashed } of freed) if (crashed) worker.brokenLanes.add(lane);
    if (freed.length > 0) this.placeUsers();
  }

  message(worker: Participant, message: RunMessage): void {
    switch (message.type) {
      case 'artifactRequest':
        return this.onArtifactRequest(worker, message);
      case 'prepared':
        return this.onPrepared(worker, message);
      case 'phaseDone':
        return this.phases.done(worker, message);
      case 'released':
        return this.released(worker, message.releases);
      case 'drained':
        return this.onDrained(worker, message.killedLanes);
      default:
        return;
    }
  }

  private placementOf(start: RunStart): ConstructorParameters<typeof UserPlacement>[0] {
    const { runId, cluster, events } = this.parts;
    const { dispatch } = this;
    return { runId, start, dispatch, cluster, workers: this, onPlaced: (changed) => events.placed(changed) };
  }

  /** The workers whose lanes hand slots over by themselves, if they have any. */
  get holding(): readonly Participant[] {
    return this.participants.inState('running', 'draining');
  }

  /** The workers that run users. */
  get running(): readonly Participant[] {
    return this.participants.running;
  }

  private onArtifactRequest(worker: Participant, { artifactId, offset }: ArtifactRequest): void {
    if (this.preparation.sendChunk(worker, artifactId, offset)) return;
    this.parts.events.nonsense(
      `${worker.id} requested a file that the run does not have, or requested too often`,
    );
  }

  private onPrepared(worker: Participant, prepared: Prepared): void {
    const { problem } = prepared;
    const isReady = this.preparation.finish(worker, prepared);
    if (problem !== undefined) return this.reconnectGrace?.settled(worker);
    if (!isReady || !this.placement || this.drainOrder) return;
    worker.send('start');
    this.placement.admit(worker);
    this.reconnectGrace?.settled(worker);
  }

  private onDrained(worker: Participant, killedLanes: readonly number[]): void {
    if (!worker.send('drained')) return;
    this.parts.events.drained(worker, killedLanes);
    // A worker that still runs `setup` or `teardown` asks to leave again when that is done.
    if (this.leavingWorkers.has(worker) && !this.phases.awaits(worker)) {
      if (this.dispatch.busyUntilMs(worker) === Infinity) this.parts.events.keptSlots(worker);
      this.parts.cluster.dismiss(worker.member, COMPLETE);
      this.placeUsers();
    }
    this.checkSettled();
  }

  private leaveNow(worker: Participant): void {
    this.drainWorker(worker);
    this.placeUsers();
  }

  private drainWorker(worker: Participant): void {
    worker.send('drain');
    this.sendDrain(worker);
  }

  private sendDrain({ member }: Participant): void {
    this.parts.cluster.send(member, this.offer.drain(this.drainOrder?.stopTimeoutMs));
  }

  private checkSettled(): void {
    if (!this.reconnectGrace && this.participants.inState('draining').length === 0) this.drainOrder?.settle();
  }
}
