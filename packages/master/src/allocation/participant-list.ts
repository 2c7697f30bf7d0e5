import type { WorkerState } from '@drumline/model';
import type { Member } from '../cluster/member.js';
import type { Participant } from './participant.js';

/** The workers of a run, including those that are missing or have left. */
export class ParticipantList {
  private readonly byMember = new Map<Member, Participant>();

  get all(): Participant[] {
    return [...this.byMember.values()];
  }

  get present(): Participant[] {
    return this.all.filter(({ isPresent }) => isPresent);
  }

  /** The workers that run users. */
  get running(): Participant[] {
    return this.inState('running');
  }

  /** The workers that have loaded the scenario and wait for the start. */
  get ready(): Participant[] {
    return this.inState('ready');
  }

  /** The number of running users, as the workers last reported it. */
  get users(): number {
    return this.all.reduce((sum, { users }) => sum + users, 0);
  }

  /**
   * The highest `busy` of all lanes of present workers, as they last reported it; 0 without lanes.
   */
  get busiestLane(): number {
    let highest = 0;
    for (const { health } of this.present)
      for (const { busy } of health?.lanes ?? []) highest = Math.max(highest, busy);
    return highest;
  }

  /** Whether every worker has left. Missing workers may come back, so they do not count. */
  get haveAllLeft(): boolean {
    return this.inState('running', 'missing', 'preparing').length === 0;
  }

  inState(...states: WorkerState[]): Participant[] {
    return this.all.filter(({ state }) => states.includes(state));
  }

  of(member: Member): Participant | undefined {
    return this.byMember.get(member);
  }

  add(participant: Participant): void {
    this.byMember.set(participant.member, participant);
  }

  forget(member: Member): void {
    this.byMember.delete(member);
  }
}
