import { MAX_WORKERS } from '@drumline/model';
import type { WorkerRecord } from './registry.js';

/** Maximum number of lanes of all workers. The time to place users grows with it. */
const MAX_LANES = 100_000;
/**
 * Maximum number of workers in a run, including workers that have left: their results stay in the
 * report.
 */
const MAX_KNOWN = 100_000;
/**
 * Maximum number of remembered workers that are gone and never took part. Bounds the memory that
 * unknown peers can occupy.
 */
const MAX_GONE = 1_000;

/** All workers that a master knows, by connection and by name. Their number is bounded. */
export class WorkerList {
  readonly workers: WorkerRecord[] = [];
  private readonly byPeer = new Map<string, WorkerRecord>();
  private readonly byName = new Map<string, WorkerRecord[]>();
  private lanes = 0;

  ofPeer(peer: string): WorkerRecord | undefined {
    return this.byPeer.get(peer);
  }

  /** The present worker of this name. */
  holderOf(name: string): WorkerRecord | undefined {
    return this.byName.get(name)?.find(isPresent);
  }

  /** A unique id for a worker of this name: `w1`, or `w1#2` if there was a `w1` before. */
  freeId(name: string): string {
    const taken = this.byName.get(name)?.map(({ id }) => id) ?? [];
    let [id, number] = [name, 1];
    while (taken.includes(id)) id = `${name}#${(number += 1)}`;
    return id;
  }

  add(worker: WorkerRecord): void {
    const { name, lanes } = worker.hello;
    this.workers.push(worker);
    this.byPeer.set(worker.peer, worker);
    this.byName.set(name, [...(this.byName.get(name) ?? []), worker]);
    this.lanes += lanes;
  }

  /**
   * Why a worker with this many lanes cannot join, as the end of a sentence; undefined if there is
   * room. Workers that have left do not count, because others may take their place.
   */
  whyFull(moreLanes: number): string | undefined {
    if (this.workers.length < MAX_WORKERS && this.lanes + moreLanes <= MAX_LANES) return undefined;
    if (this.workers.length >= MAX_KNOWN)
      return `${this.workers.length} workers have joined this run, which is the maximum`;
    const present = this.workers.filter(isPresent);
    const lanes = present.reduce((sum, { hello }) => sum + hello.lanes, 0);
    if (present.length < MAX_WORKERS && lanes + moreLanes <= MAX_LANES) return undefined;
    return `the master is full: it has ${present.length} workers with ${lanes} lanes, at most ${MAX_WORKERS} with ${MAX_LANES}`;
  }

  /**
   * Forgets workers that are gone and contributed nothing to the result, if there are many or
   * others need the room.
   */
  makeRoom(): void {
    const kept = this.workers.filter((worker) => tookPart(worker) || isPresent(worker));
    const gone = this.workers.length - kept.length;
    if (gone === 0 || (gone <= MAX_GONE && this.whyFull(1) === undefined)) return;
    this.workers.length = 0;
    this.byPeer.clear();
    this.byName.clear();
    this.lanes = 0;
    for (const worker of kept) this.add(worker);
  }
}

/** Whether a worker is neither missing nor gone. */
export function isPresent({ machine: { state } }: WorkerRecord): boolean {
  return state !== 'missing' && state !== 'left';
}

/**
 * Whether a worker ever had users or sent a report. If not, its loss leaves nothing out of the
 * report.
 */
export function tookPart({ hadUsers, mergedSeq }: WorkerRecord): boolean {
  return hadUsers || mergedSeq > 0;
}
