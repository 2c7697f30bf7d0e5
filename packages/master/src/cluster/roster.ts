import { MAX_WORKERS } from '@drumline/model';
import type { WorkerRecord } from './registry.js';

/** The most lanes of them all: placing users takes time in proportion to them. */
const MAX_LANES = 100_000;
/**
 * The most workers of a run in all, with those that have left: what they counted stays in the
 * report.
 */
const MAX_KNOWN = 100_000;
/** The most of those that are gone and never took part: more come of strangers, or of machines that nobody waits for. */
const MAX_PASSERS_BY = 1_000;

/** Every worker that a master knows, found by its connection and by its name. Their number is bounded. */
export class Roster {
  readonly workers: WorkerRecord[] = [];
  private readonly byPeer = new Map<string, WorkerRecord>();
  private readonly byName = new Map<string, WorkerRecord[]>();
  private lanes = 0;

  ofPeer(peer: string): WorkerRecord | undefined {
    return this.byPeer.get(peer);
  }

  /** The one of this name that takes part, as far as is known. */
  namesake(name: string): WorkerRecord | undefined {
    return this.byName.get(name)?.find(isPresent);
  }

  /** What to call a worker of this name: `w1`, and `w1#2` if there was one before. */
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
   * Why a worker with so many lanes cannot join, as the end of a sentence; nothing if there is
   * room. Workers that have left do not count, as others may take their place for as long as the
   * run lasts.
   */
  whyFull(moreLanes: number): string | undefined {
    if (this.workers.length < MAX_WORKERS && this.lanes + moreLanes <= MAX_LANES) return undefined;
    if (this.workers.length >= MAX_KNOWN)
      return `${this.workers.length} workers have come and gone in this run, which is all that the master keeps account of`;
    const present = this.workers.filter(isPresent);
    const lanes = present.reduce((sum, { hello }) => sum + hello.lanes, 0);
    if (present.length < MAX_WORKERS && lanes + moreLanes <= MAX_LANES) return undefined;
    return `the master has all the workers it takes: ${present.length} with ${lanes} lanes, at most ${MAX_WORKERS} with ${MAX_LANES}`;
  }

  /** Forgets the workers that are gone and leave nothing out of the result, where they are many or others need the room. */
  makeRoom(): void {
    const kept = this.workers.filter((worker) => tookPart(worker) || isPresent(worker));
    const passersBy = this.workers.length - kept.length;
    if (passersBy === 0 || (passersBy <= MAX_PASSERS_BY && this.whyFull(1) === undefined)) return;
    this.workers.length = 0;
    this.byPeer.clear();
    this.byName.clear();
    this.lanes = 0;
    for (const worker of kept) this.add(worker);
  }
}

/** Whether a worker takes part, as far as is known. */
export function isPresent({ machine: { state } }: WorkerRecord): boolean {
  return state !== 'missing' && state !== 'left';
}

/** Whether it ever had users, or delivered anything: the loss of any other leaves nothing out of the report. */
export function tookPart({ hadUsers, mergedSeq }: WorkerRecord): boolean {
  return hadUsers || mergedSeq > 0;
}
