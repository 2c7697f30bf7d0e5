import {
  leasedTablesOf,
  NamedValues,
  RowLeases,
  SharedState,
  type ClientId,
  type Millis,
  type Plan,
  type SharedEntry,
} from '@drumline/model';
import type { MasterMessage, RowsResult, SharedRequestMessage, SharedResult } from '@drumline/wire';
import type { Participant } from '../allocation/participant.js';
import { clientIdOf, clientOf } from '../allocation/shared-clients.js';
import type { Member } from '../cluster/member.js';
import { rowResults } from '../report/rows.js';
import { sharedResultOf } from '../report/shared.js';

/** The parts of a run that share state. */
interface SharingRun {
  readonly id: string;
  readonly cluster: { send(member: Member, message: MasterMessage): void };
  readonly participants: { readonly all: readonly Participant[] };
  readonly planned: { readonly plan: Pick<Plan, 'tables'> } | undefined;
  /** `saved` resolves when another master would know of everything so far. */
  readonly writer: { saved(): Promise<void> };
}

/**
 * The state that the lanes of a run share. A request is answered once its changes would survive
 * this master.
 */
export class SharedValues {
  private rows = new RowLeases([]);
  private readonly named = new NamedValues();
  private state = new SharedState({ rows: this.rows, ...this.named.handlers });

  private isOpen = false;
  private isClosed = false;
  /** For workers that are lost: when they must have stopped. */
  private readonly timers = new Map<Participant, NodeJS.Timeout>();

  constructor(private readonly run: SharingRun) {}

  /** @param entries what another master kept */
  open(plan: Pick<Plan, 'tables'>, entries: Iterable<SharedEntry> = []): void {
    this.isOpen = true;
    this.rows = new RowLeases(leasedTablesOf(plan.tables));
    this.state = new SharedState({ rows: this.rows, ...this.named.handlers });
    this.state.restore(entries);
  }

  take(worker: Participant, { lane, client, seq, ops, isOver }: SharedRequestMessage): void {
    if (this.isClosed || !this.run.planned) return;
    if (!this.isOpen) this.open(this.run.planned.plan);
    const answers = this.state.apply({ client: clientIdOf(worker, lane, client), seq, ops, isOver });
    if (!answers) return;
    const reply = { client, seq, answers: [...answers] };
    this.whenSaved(() => this.send(worker, { type: 'sharedReply', runId: this.run.id, ...reply }));
  }

  /**
   * The worker cannot be reached for now. Nobody waits for what its lanes have.
   * @param stopsWithinMs after which its lanes must have stopped their users
   */
  lost(worker: Participant, stopsWithinMs: Millis): void {
    this.state.lost(isOf(worker));
    this.whenSaved();
    this.returned(worker);
    const lapse = (): void => {
      this.state.lapsed(isOf(worker));
      this.whenSaved();
    };
    if (!this.isClosed) this.timers.set(worker, setTimeout(lapse, stopsWithinMs));
  }

  /** The worker is back, or has ended. */
  returned(worker: Participant): void {
    clearTimeout(this.timers.get(worker));
    this.timers.delete(worker);
  }

  /** The processes of the worker have ended. */
  ended(worker: Participant): void {
    this.returned(worker);
    this.state.ended(isOf(worker));
    this.whenSaved();
  }

  /** Answers nothing more, so that nothing happens that the result does not contain. */
  close(): void {
    this.isClosed = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  /** What became of rows that are used once or borrowed, at the end of the run. */
  rowResults(plan: Pick<Plan, 'tables'>): RowsResult[] {
    return rowResults(plan, this.rows, this.run.participants.all, true);
  }

  /** The values that the scenario shared, at the end of the run. */
  sharedResult(): SharedResult | undefined {
    return sharedResultOf(this.named);
  }

  /** What has changed since the last call. */
  takeEntries(): readonly SharedEntry[] {
    return this.state.takeEntries();
  }

  private whenSaved(answer?: () => void): void {
    const notices = this.state.takeNotices();
    void this.run.writer.saved().then(() => {
      answer?.();
      this.wake(notices);
    });
  }

  private wake(notices: ReadonlyMap<ClientId, ReadonlySet<string>>): void {
    const { id: runId, participants } = this.run;
    for (const [id, keys] of notices) {
      const { peer, client } = clientOf(id);
      const worker = participants.all.find((one) => one.peer === peer);
      if (worker) this.send(worker, { type: 'sharedWake', runId, client, keys: [...keys] });
    }
  }

  private send({ member }: Participant, message: MasterMessage): void {
    this.run.cluster.send(member, message);
  }
}

function isOf({ peer }: Participant): (id: ClientId) => boolean {
  return (id) => clientOf(id).peer === peer;
}
