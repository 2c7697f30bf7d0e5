import {
  withProgress,
  type RunStore,
  type StoreChange,
  type StoredRun,
  type StoredState,
  type StoredWorker,
} from '@drumline/master/testing';
import type { IntervalDelta, PlacedEvent } from '@drumline/stats';
import type { SimulatedProcess } from '../world/process.js';
import type { Random } from '../world/random.js';
import type { World } from '../world/world.js';

/** The file of a run, which outlives the master that writes it. */
interface File {
  run: StoredRun;
  readonly workers: Map<string, StoredWorker>;
  readonly histories: Map<string, Uint8Array>;
  deltas: IntervalDelta[];
  readonly users: Map<number, number>;
  readonly shared: Map<string, unknown>;
  readonly events: Map<number, PlacedEvent>;
}

/** A commit in progress. */
interface Pending {
  readonly file: File;
  readonly change: StoreChange;
  /** Whether it survives if its master dies before it finishes. */
  readonly survives: boolean;
}

/**
 * The disk of the master with its runs. A commit in progress at the death of the master may or
 * may not be on it.
 */
export class SimulatedDisk {
  private readonly files = new Map<string, File>();
  private readonly pending = new Set<Pending>();

  /** @param maxCommitMs maximum duration of a commit */
  constructor(
    private readonly world: World,
    private readonly random: Random,
    private readonly maxCommitMs: number,
  ) {}

  create(run: StoredRun, master: SimulatedProcess): RunStore {
    const file: File = {
      run,
      workers: new Map(),
      histories: new Map(),
      deltas: [],
      users: new Map(),
      shared: new Map(),
      events: new Map(),
    };
    this.files.set(run.runId, file);
    return this.storeFor(file, master);
  }

  /** A run on the disk, and its store for another master; undefined if there is none. */
  open(runId: string, master: SimulatedProcess): { state: StoredState; store: RunStore } | undefined {
    const file = this.files.get(runId);
    if (!file) return undefined;
    this.settle(file);
    const { run, workers, histories, deltas, users, shared, events } = file;
    const state = {
      run,
      workers: [...workers.values()],
      histories: [...histories],
      deltas: [...deltas],
      users: [...users],
      shared: [...shared],
      events: [...events.values()],
    };
    return { state, store: this.storeFor(file, master) };
  }

  /**
   * Decides whether the pending commit of a dead master is on the disk, before another master reads
   * it.
   */
  private settle(file: File): void {
    for (const commit of this.pending) {
      if (commit.file !== file) continue;
      this.pending.delete(commit);
      if (commit.survives) write(file, commit.change);
    }
  }

  private storeFor(file: File, master: SimulatedProcess): RunStore {
    const { world, random, maxCommitMs } = this;
    let lastAtMs = 0;
    return {
      path: 'simulated.db',
      commit: (change) =>
        new Promise((resolve) => {
          lastAtMs = Math.max(lastAtMs, world.nowMs + random.between(1, maxCommitMs));
          const delayMs = lastAtMs - world.nowMs;
          const commit = { file, change, survives: random.chance(0.5) };
          this.pending.add(commit);
          world.at(lastAtMs, () => {
            if (this.pending.delete(commit) && (master.alive || commit.survives)) write(file, change);
          });
          master.receive(delayMs, () => resolve([]));
        }),
      close: () => Promise.resolve(),
    };
  }
}

function write(
  file: File,
  {
    run,
    notes = [],
    workers,
    histories = [],
    progress = [],
    deltas,
    users,
    shared,
    events,
    reset,
  }: StoreChange,
): void {
  if (reset) file.deltas = [];
  file.run = { ...file.run, ...run, notes: [...new Map([...file.run.notes, ...notes])] };
  for (const worker of workers ?? []) file.workers.set(worker.peer, worker);
  for (const [peer, history] of histories) file.histories.set(peer, history);
  for (const one of progress) {
    const worker = file.workers.get(one[0]);
    if (worker) file.workers.set(one[0], withProgress(worker, one));
  }
  file.deltas.push(...(deltas ?? []));
  for (const [second, count] of users ?? []) file.users.set(second, count);
  for (const position of file.events.keys()) if (position < (events?.from ?? 0)) file.events.delete(position);
  for (const placed of events?.events ?? []) file.events.set(placed.position, placed);
  for (const [key, value] of shared ?? []) {
    if (value === undefined) file.shared.delete(key);
    else file.shared.set(key, value);
  }
}
