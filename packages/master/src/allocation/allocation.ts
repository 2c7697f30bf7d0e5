import type { Millis, Plan } from '@drumline/model';
import type { ScenarioBundle } from '@drumline/scenario/project';
import type { Heartbeat, Interruption } from '@drumline/wire';
import type { WorkersWanted } from '../cluster/assignment.js';
import type { Cluster } from '../cluster/cluster.js';
import type { ClusterListener, QuantileTerms, RunMessage } from '../cluster/listener.js';
import type { Member } from '../cluster/member.js';
import type { RestoredState } from '../cluster/registry.js';
import type { AllocationEvents } from './allocation-events.js';
import type { StoredPlacement } from './dispatch.js';
import { Participant, type StoredParticipant } from './participant.js';
import { ParticipantList } from './participant-list.js';
import { COMPLETE, PlannedAllocation } from './planned-allocation.js';
import type { RunStart } from './user-placement.js';

/** A run that another master began. */
export interface ResumedAllocation {
  readonly bundle: ScenarioBundle;
  readonly plan: Plan;
  readonly placement: StoredPlacement;
  readonly start: RunStart;
  readonly workers: readonly StoredParticipant[];
}

/**
 * The workers that a run uses. Follows the cluster from the creation of the run to its end, and
 * passes messages on once the plan is known.
 */
export class Allocation implements ClusterListener {
  readonly participants = new ParticipantList();
  private planned: PlannedAllocation | undefined;
  private isOpen = false;

  constructor(
    readonly runId: string,
    private readonly cluster: Cluster,
    private readonly events: AllocationEvents,
  ) {}

  /** Asks the cluster for workers, which come when they are free. May be called again. */
  open(wants: WorkersWanted): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.cluster.attach(this, wants);
  }

  /** Asks all present and future workers to load the scenario. */
  prepare(bundle: ScenarioBundle, plan: Plan): PlannedAllocation {
    const planned = this.plan(bundle, plan);
    for (const worker of this.participants.inState('idle')) planned.offerTo(worker);
    return planned;
  }

  /** Resumes a run that another master began. Waits for its workers and leaves them their users. */
  resume({ bundle, plan, placement, start, workers }: ResumedAllocation): PlannedAllocation {
    const planned = this.plan(bundle, plan);
    for (const stored of workers) {
      const member = this.cluster.restore(this, stored, restoredState(stored));
      this.participants.add(Participant.restore(member, stored));
    }
    planned.resume(placement, start, workers);
    return planned;
  }

  /** Acknowledges the reports of a worker up to this one: they would survive this master. */
  acknowledge(worker: Participant, seq: number): void {
    worker.ackedSeq = Math.max(worker.ackedSeq, seq);
    this.cluster.send(worker.member, { type: 'reportAck', runId: this.runId, seq: worker.ackedSeq });
  }

  /** Returns the workers to the cluster. What is known of them in the run stays. */
  close(): void {
    this.planned?.close();
    for (const worker of this.participants.all) worker.release();
    this.cluster.detach(this);
  }

  get quantiles(): QuantileTerms {
    return this.events.quantiles;
  }

  joined(member: Member): void {
    const worker = new Participant(member);
    this.participants.add(worker);
    this.events.joined(worker);
    this.planned?.offerTo(worker);
  }

  returned(member: Member): void {
    const worker = this.participants.of(member);
    if (!worker) return;
    if (this.planned) this.planned.returned(worker);
    else this.events.returned(worker);
  }

  lost(member: Member, silentMs: Millis): void {
    const worker = this.participants.of(member);
    worker?.lost();
    if (!worker) return;
    this.events.lost(worker, silentMs);
    this.planned?.gone(worker);
  }

  ended(member: Member, reason: string, complete: boolean): void {
    const worker = this.participants.of(member);
    if (!worker) return;
    this.events.left(worker, reason, complete);
    this.planned?.gone(worker);
  }

  forgotten(member: Member): void {
    this.participants.forget(member);
  }

  heartbeat(member: Member, heartbeat: Heartbeat, gapMs: Millis): void {
    const worker = this.participants.of(member);
    if (!worker) return;
    worker.beat(heartbeat, gapMs);
    this.planned?.reconcile(worker, heartbeat.epoch);
    this.planned?.hear(worker, heartbeat);
    if (this.events.heartbeat(worker)) this.planned?.placeUsers();
  }

  message(member: Member, message: RunMessage): void {
    const worker = this.participants.of(member);
    if (!worker) return;
    switch (message.type) {
      case 'statsReport': {
        const answer = this.events.report(worker, message);
        return answer && this.cluster.send(member, answer);
      }
      case 'sharedRequest':
        return this.events.sharedRequest(worker, message);
      case 'laneIncident':
        if (this.events.incident(worker, message)) this.planned?.placeUsers();
        return;
      case 'leaving':
        if (this.planned) return this.planned.leaving(worker, message.reason);
        this.cluster.dismiss(member, COMPLETE);
        return this.events.left(worker, message.reason, true);
      default:
        this.planned?.message(worker, message);
    }
  }

  portInterrupted(interruption: Interruption): void {
    this.events.portInterrupted(interruption);
  }

  defect(messageType: string, error: unknown): void {
    this.events.defect(messageType, error);
  }

  private plan(bundle: ScenarioBundle, plan: Plan): PlannedAllocation {
    const { runId, cluster, participants, events } = this;
    this.planned = new PlannedAllocation({ runId, bundle, plan, cluster, participants, events });
    return this.planned;
  }
}

function restoredState({ state, isExcluded }: StoredParticipant): RestoredState {
  if (state !== 'left') return 'present';
  return isExcluded === true ? 'excluded' : 'left';
}
