import { resolve } from 'node:path';
import type { Note } from '@drumline/model';
import type { IntervalDelta } from '@drumline/stats';
import { VERSION, type RunEventView } from '@drumline/wire';
import type { Journal } from '../run/aggregate.js';
import type { WorkerRecord } from '../cluster/registry.js';
import type { Run } from '../run/run.js';
import type { StoredPoint } from './points.js';
import type { StoreChange, StoredRun, StoredWorker } from './run-store.js';

/**
 * Collects what another master needs to resume a run, and what of it has changed since the last
 * commit.
 */
export class RunRecord implements Journal {
  private taken: Partial<ReturnType<typeof changingOf>> = {};
  private readonly workers = new Set<WorkerRecord>();
  private notes = new Map<string, Note>();
  private deltas: IntervalDelta[] = [];
  private seconds: (readonly [second: number, users: number])[] = [];
  private wasReset = false;

  constructor(private readonly run: Run) {
    this.allWorkers();
    run.aggregate.journal = this;
    run.subscribe((event) => this.onEvent(event));
  }

  /** The complete run, for a new store. */
  whole(): StoredRun {
    const { id, plan, bundle, options, link } = this.run;
    const now = changingOf(this.run);
    this.taken = now;
    const notes = this.run.notes.entries;
    this.notes = new Map(notes);
    return {
      runId: id,
      scenario: resolve(options.scenario),
      bundle: bundle!,
      plan: plan!,
      drumline: VERSION,
      createdAt: new Date().toISOString(),
      workerAddress: link.address,
      ...(options.standalone === true && { standalone: true }),
      ...now,
      notes,
    };
  }

  /** All fields of the run that may change. */
  present(): Partial<StoredRun> {
    return changingOf(this.run);
  }

  /** Everything that has changed since the last call. */
  take(): StoreChange {
    const now = changingOf(this.run);
    const changed = Object.entries(now).filter(
      ([field, value]) => value !== this.taken[field as keyof typeof now],
    );
    this.taken = now;
    const notes = this.run.notes.entries.filter(([key, note]) => this.notes.get(key) !== note);
    for (const [key, note] of notes) this.notes.set(key, note);
    const change: StoreChange = {
      ...(notes.length > 0 && { notes }),
      ...(changed.length > 0 && { run: Object.fromEntries(changed) }),
      ...(this.workers.size > 0 && { workers: [...this.workers].map(storedWorker) }),
      ...(this.deltas.length > 0 && { deltas: this.deltas }),
      ...(this.seconds.length > 0 && { users: this.seconds }),
      ...(this.wasReset && { reset: true }),
    };
    this.workers.clear();
    this.deltas = [];
    this.seconds = [];
    this.wasReset = false;
    return change;
  }

  /** Corrects the quantiles of seconds that are known only as points. */
  corrected(points: readonly StoredPoint[]): void {
    this.run.aggregate.timeline.correct(points);
  }

  /** Marks a worker as changed. */
  changed(worker: WorkerRecord): void {
    this.workers.add(worker);
  }

  added(delta: IntervalDelta): void {
    this.deltas.push(delta);
  }

  ran(second: number, users: number): void {
    this.seconds.push([second, users]);
  }

  reset(): void {
    this.deltas = [];
    this.wasReset = true;
    this.allWorkers();
  }

  private allWorkers(): void {
    for (const worker of this.run.cluster.registry.workers) this.workers.add(worker);
  }

  private onEvent(event: RunEventView): void {
    if (event.type !== 'worker') return;
    const worker = this.run.cluster.registry.workers.find(({ id }) => id === event.id);
    if (worker) this.changed(worker);
  }
}

/**
 * The fields of a run that may change. An object is replaced when it changes, so identity shows
 * changes.
 */
function changingOf(run: Run) {
  return {
    state: run.machine.state,
    ...(run.clock && { clock: run.clock.stored }),
    epoch: run.dispatch!.epoch,
    load: run.dispatch!.load,
    placement: run.dispatch!.shares,
    setupResult: run.setupResult,
    losses: run.losses.all,
    fromSecond: run.aggregate.fromSecond,
    ...(run.apiUrl !== undefined && { apiUrl: run.apiUrl }),
    ...(run.ending !== undefined && { ending: run.ending }),
    ...(run.result && { result: run.result }),
  };
}

function storedWorker(worker: WorkerRecord): StoredWorker {
  const { machine, brokenLanes, peer, id, hello, laneGroups, mergedSeq, requests, pace, peakLaneCpu } =
    worker;
  const { peakControlCpu, peakMemoryBytes, longestHeartbeatGapMs } = worker;
  return {
    peer,
    id,
    hello,
    state: machine.state,
    laneGroups,
    brokenLanes: [...brokenLanes],
    mergedSeq,
    requests,
    pace: pace.stored,
    peakLaneCpu,
    peakControlCpu,
    peakMemoryBytes,
    longestHeartbeatGapMs,
  };
}
