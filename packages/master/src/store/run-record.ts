import type { Millis, Note, SharedEntry } from '@drumline/model';
import type { IntervalDelta, PlacedEvent } from '@drumline/stats';
import type { Participant } from '../allocation/participant.js';
import type { Journal } from '../intervals/aggregate.js';
import type { LoadOfSecond, StoredPoint } from '../intervals/stored-counts.js';
import { encodeHistory, type HistoryRow } from './history-rows.js';
import { EventKeeper } from './kept-events.js';
import type { StoreChange, StoredRun, StoredWorker, WorkerProgress } from './run-store.js';

/** A worker is stored whole at least this often while it reports. */
const WHOLE_EVERY_MS: Millis = 10_000;

/** The fields of a run that never change. */
type FixedFields = Pick<
  StoredRun,
  'runId' | 'scenario' | 'bundle' | 'plan' | 'drumline' | 'createdAt' | 'workerAddress' | 'standalone'
>;

/** The fields of a run that may change, except its notes. */
export type ChangingFields = Omit<StoredRun, keyof FixedFields | 'notes' | 'secrets'>;

/** A run as its record reads it. */
export interface RecordedRun {
  readonly fixed: FixedFields;
  /** An object is replaced when it changes, so that identity shows changes. */
  changing(): ChangingFields;
  notes(): StoredRun['notes'];
  workers(): readonly Participant[];
  /** What of the state that lanes share has changed since the last call. */
  shared(): readonly SharedEntry[];
  /** Position through which all outputs have sent; undefined if nobody needs events. */
  sentThrough(): number | undefined;
  /** Receives the points of seconds whose quantiles have changed on the disk. */
  corrected(points: readonly StoredPoint[]): void;
}

/**
 * Collects what another master needs to resume a run, and what of it has changed since the last
 * commit.
 */
export class RunRecord implements Journal {
  private taken: Partial<ChangingFields> = {};
  private readonly workers = new Set<Participant>();
  /** Workers of which only the reports have advanced. */
  private readonly advanced = new Set<Participant>();
  /** Workers whose histories are in the next commit. */
  private readonly histories = new Set<Participant>();
  private readonly wholeAtMs = new WeakMap<Participant, Millis>();
  private notes = new Map<string, Note>();
  private deltas: IntervalDelta[] = [];
  private seconds: LoadOfSecond[] = [];
  private readonly events = new EventKeeper();
  private wasReset = false;

  constructor(private readonly run: RecordedRun) {
    this.allWorkers();
  }

  /** The complete run, for a new store. */
  whole(): StoredRun {
    const now = this.run.changing();
    this.taken = now;
    const notes = this.run.notes();
    this.notes = new Map(notes);
    return { ...this.run.fixed, ...now, notes };
  }

  /** All fields of the run that may change. */
  present(): Partial<StoredRun> {
    return this.run.changing();
  }

  /** Everything that has changed since the last call. */
  take(): StoreChange {
    const now = this.run.changing();
    const changed = Object.entries(now).filter(
      ([field, value]) => value !== this.taken[field as keyof typeof now],
    );
    // From now on, the file may be read as that of a past run.
    if (now.result !== this.taken.result) this.closing();
    this.taken = now;
    const notes = this.run.notes().filter(([key, note]) => this.notes.get(key) !== note);
    for (const [key, note] of notes) this.notes.set(key, note);
    const shared = this.run.shared();
    const events = this.events.take(this.run.sentThrough() ?? 0);
    const change: StoreChange = {
      ...(notes.length > 0 && { notes }),
      ...(changed.length > 0 && { run: Object.fromEntries(changed) }),
      ...(this.workers.size > 0 && { workers: this.takeWorkers() }),
      ...(this.advanced.size > 0 && { progress: this.takeProgress() }),
      ...(this.histories.size > 0 && { histories: this.takeHistories() }),
      ...(this.deltas.length > 0 && { deltas: this.deltas }),
      ...(this.seconds.length > 0 && { users: this.seconds }),
      ...(this.wasReset && { reset: true }),
      ...(shared.length > 0 && { shared }),
      ...(events && { events }),
    };
    this.deltas = [];
    this.seconds = [];
    this.wasReset = false;
    return change;
  }

  /** Passes on the points of seconds whose quantiles have changed on the disk. */
  corrected(points: readonly StoredPoint[]): void {
    this.run.corrected(points);
  }

  /**
   * Marks that more reports of a worker are in the counts. Its peaks and its request rate are
   * stored with it from time to time.
   */
  reported(worker: Participant): void {
    const now = performance.now();
    if (now - (this.wholeAtMs.get(worker) ?? -Infinity) >= WHOLE_EVERY_MS) this.changed(worker);
    else this.advanced.add(worker);
  }

  /** Marks a worker as changed. */
  changed(worker: Participant): void {
    this.workers.add(worker);
  }

  /** Marks the history of a worker as changed. */
  changedHistory(worker: Participant): void {
    this.histories.add(worker);
  }

  /** Marks all workers and their histories as changed, for a commit that may be the last. */
  closing(): void {
    this.allWorkers();
    for (const worker of this.run.workers()) this.changedHistory(worker);
  }

  added(delta: IntervalDelta): void {
    this.deltas.push(delta);
  }

  ran(load: LoadOfSecond): void {
    this.seconds.push(load);
  }

  emitted(placed: PlacedEvent): void {
    if (this.run.sentThrough() !== undefined) this.events.add(placed);
  }

  reset(): void {
    this.deltas = [];
    this.wasReset = true;
    this.allWorkers();
  }

  private takeWorkers(): StoredWorker[] {
    const now = performance.now();
    const taken = [...this.workers];
    this.workers.clear();
    for (const worker of taken) {
      this.advanced.delete(worker);
      this.wholeAtMs.set(worker, now);
    }
    return taken.map(({ stored }) => stored);
  }

  private takeHistories(): HistoryRow[] {
    const taken = [...this.histories];
    this.histories.clear();
    return taken.map(({ peer, history }) => [peer, encodeHistory(history.stored)]);
  }

  private takeProgress(): WorkerProgress[] {
    const taken = [...this.advanced];
    this.advanced.clear();
    return taken.map(({ peer, coveredSeq, requests }) => [peer, coveredSeq, requests]);
  }

  private allWorkers(): void {
    for (const worker of this.run.workers()) this.workers.add(worker);
  }
}
