import { groupsOfLanes } from '@drumline/model';
import type { Prepared, Refused } from '@drumline/wire';
import type { Cluster } from '../cluster/cluster.js';
import type { AllocationEvents } from './allocation-events.js';
import type { Offer } from './offer.js';
import type { Participant } from './participant.js';

/** Maximum length of a problem text that is sent, in characters. */
const LONGEST_PROBLEM = 60_000;

/**
 * Asks workers to load the scenario. A worker that cannot load it is excluded, and the others
 * continue without it.
 */
export class Preparation {
  /** Why workers could not load the scenario, by worker name. */
  readonly excluded = new Map<string, string>();

  constructor(
    private readonly offer: Pick<Offer, 'plan' | 'prepare' | 'chunk'>,
    private readonly cluster: Pick<Cluster, 'send' | 'exclude'>,
    private readonly events: Pick<AllocationEvents, 'ready' | 'cannotPrepare'>,
  ) {}

  /** Assigns lane groups to an idle worker and asks it to load the scenario. */
  begin(worker: Participant): void {
    if (!worker.send('prepare')) return;
    worker.runLanes(groupsOfLanes(this.offer.plan.laneGroups, worker.hello.lanes));
    this.ask(worker);
  }

  /**
   * Asks the worker to load the scenario. The request is idempotent, and repeated until the worker
   * answers.
   */
  ask({ member }: Participant): void {
    this.cluster.send(member, this.offer.prepare());
  }

  /** @returns false if the worker requested what the run does not have, or too often */
  sendChunk({ member }: Participant, artifactId: string, offset: number): boolean {
    const chunk = this.offer.chunk(member.peer, artifactId, offset);
    if (chunk instanceof Promise) void chunk.then((read) => this.cluster.send(member, read));
    else if (chunk) this.cluster.send(member, chunk);
    return chunk !== undefined;
  }

  /**
   * Handles the answer from a worker.
   * @returns whether the worker has become ready
   */
  finish(worker: Participant, { problem, limits = {} }: Pick<Prepared, 'problem' | 'limits'>): boolean {
    worker.limits = limits;
    if (problem !== undefined) {
      this.exclude(worker, problem);
      return false;
    }
    if (!worker.send('prepared')) return false;
    this.excluded.delete(worker.hello.name);
    this.events.ready(worker);
    return true;
  }

  private exclude(worker: Participant, problem: string): void {
    if (!worker.isPresent) return;
    // The cluster may give the worker to another run at once.
    worker.exclude();
    this.cluster.exclude(worker.member, exclusionOf(problem));
    this.excluded.set(worker.hello.name, problem);
    this.events.cannotPrepare(worker, problem);
  }
}

function exclusionOf(problem: string): Refused {
  return {
    type: 'refused',
    reason: 'scenario',
    message: `it could not load the scenario: ${problem.slice(0, LONGEST_PROBLEM)}`,
    hint: 'The run continues without this worker. Fix the cause on this machine, then restart the worker.',
  };
}
