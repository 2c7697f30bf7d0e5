import { assign, type WorkersWanted } from './assignment.js';
import { Attachment } from './attachment.js';
import type { ClusterListener } from './listener.js';
import { isPresent, NO_RUN, type Member } from './member.js';
import { whyWaiting, type Holder, type WaitingRun } from './waiting.js';

/** The attached runs, in the order in which they came, and the workers of each. */
export class RunLine {
  private readonly runs: Attachment[] = [];
  /** Workers without a run, present or not. */
  private readonly unassigned = new Set<Member>();
  private isHeld = false;

  /** All attached runs. */
  get listeners(): readonly ClusterListener[] {
    return this.runs.map(({ listener }) => listener);
  }

  /**
   * The present workers that stay and have no run. Those without processes of an earlier run come
   * first.
   */
  get idle(): Member[] {
    const idle = [...this.unassigned].filter((member) => isPresent(member) && !member.isLeaving);
    return [...idle.filter(({ isEnding }) => !isEnding), ...idle.filter(({ isEnding }) => isEnding)];
  }

  /** @throws Error if the run is attached already */
  add(listener: ClusterListener, wants: WorkersWanted): void {
    if (this.find(listener.runId)) throw new Error(`run ${listener.runId} is attached already`);
    this.runs.push(new Attachment(listener, wants));
  }

  /** @returns the workers that the run had; they are unassigned now */
  remove(listener: ClusterListener): readonly Member[] {
    const index = this.runs.findIndex((run) => run.listener === listener);
    if (index < 0) return [];
    const [{ members }] = this.runs.splice(index, 1) as [Attachment];
    for (const member of members) this.unassigned.add(member);
    return [...members];
  }

  /** The run that has a worker. */
  ofMember({ turn }: Member): ClusterListener | undefined {
    return this.listenerOf(turn.runId);
  }

  /** The run with this id, if it is attached. */
  listenerOf(runId: string = NO_RUN): ClusterListener | undefined {
    return runId === NO_RUN ? undefined : this.find(runId)?.listener;
  }

  /** A worker has no run yet. */
  enter(member: Member): void {
    this.unassigned.add(member);
  }

  /** Gives a worker to a run, even if it is not the run's turn. */
  give(member: Member, runId: string): void {
    this.find(runId)?.add(member);
    this.unassigned.delete(member);
  }

  forget(member: Member): void {
    this.unassigned.delete(member);
    this.find(member.turn.runId)?.members.delete(member);
  }

  /** A worker cannot take part in a run. It is unassigned, unless another run has it. */
  exclude(member: Member, runId: string): void {
    this.find(runId)?.exclude(member);
    if (member.turn.runId === runId || member.turn.runId === NO_RUN) this.unassigned.add(member);
  }

  /** A run takes no more workers. */
  close(runId: string): void {
    const run = this.find(runId);
    if (run) run.wants = 0;
  }

  /** No waiting run begins any more. */
  hold(): void {
    this.isHeld = true;
  }

  /** Assigns idle workers. @returns the workers that have a run now, and their runs */
  assign(): (readonly [Member, ClusterListener])[] {
    if (this.runs.length === 0 || this.unassigned.size === 0) return [];
    const runs = this.isHeld ? this.runs.filter(({ hasBegun }) => hasBegun) : this.runs;
    return assign(runs, this.idle).flatMap(({ run, workers }) =>
      workers.map((member) => {
        run.add(member);
        this.unassigned.delete(member);
        return [member, run.listener] as const;
      }),
    );
  }

  /** The runs that have not been given workers yet, in the order in which they will be. */
  get waiting(): WaitingRun[] {
    const { idle } = this;
    const holders = this.runs.filter(({ hasBegun, present }) => hasBegun && present > 0).map(holderOf);
    const connected = holders.reduce((sum, { workers }) => sum + workers, idle.length);
    let behind: string | undefined;
    return this.runs
      .filter(({ hasBegun }) => !hasBegun)
      .map((run) => {
        const { runId, wants } = run;
        const free = idle.filter((member) => run.accepts(member)).length;
        const why = whyWaiting({ wants, free, connected, holders, behind });
        if (wants !== 'all') behind ??= runId;
        return { runId, wants, why, holders };
      });
  }

  private find(runId: string): Attachment | undefined {
    return this.runs.find((run) => run.runId === runId);
  }
}

function holderOf({ runId, present }: Attachment): Holder {
  return { runId, workers: present };
}
