import { encodeCounts, Histogram, KeyDictionary, requestsIn, type IntervalDelta } from '@drumline/stats';
import { encodeMessage } from '@drumline/wire';
import type { WorkerLoad } from './load.js';
import { responseTime, seededRandom, type Random } from './random.js';
import { countsWith } from '../../reports.js';

/** Different reports of each process. */
const VARIANTS = 16;
/** Encoded frames that are kept for further workers. */
const MAX_FRAMES = 500;
/** Microseconds. */
const MEDIAN_US = 5_000;

/** What distinguishes reports of the same variant. */
export interface ReportHead {
  readonly runId: string;
  readonly epoch: number;
  readonly seq: number;
  readonly second: number;
  /** Whether the report lacks its keys, because the master knows them. */
  readonly keysKnown: boolean;
}

/**
 * Reports of Drumline's workers. Workers with the same head and variant share an encoded frame, so
 * that encoding costs little with any format.
 */
export class DrumlineReports {
  private readonly deltas: Omit<IntervalDelta, 'second'>[];
  private readonly requests: number[];
  /** All workers have the same series. */
  private readonly dictionary = new KeyDictionary();
  private readonly frames = new Map<string, Uint8Array>();

  constructor(load: WorkerLoad, seed: number) {
    const random = seededRandom(seed);
    this.deltas = Array.from({ length: VARIANTS }, () => deltaOf(load, random));
    this.requests = this.deltas.map((delta) => requestsIn({ second: 0, ...delta }));
  }

  requestsOf(variant: number): number {
    return this.requests[variant % VARIANTS]!;
  }

  frameOf(variant: number, head: ReportHead): Uint8Array {
    const { runId, epoch, seq, second, keysKnown } = head;
    const number = variant % VARIANTS;
    const key = `${number} ${epoch} ${seq} ${second} ${keysKnown} ${runId}`;
    const known = this.frames.get(key);
    if (known) return known;
    const { keys, ...counts } = encodeCounts([{ second, ...this.deltas[number]! }], this.dictionary);
    const unknown = keysKnown ? [] : [...keys];
    const frame = encodeMessage({ type: 'statsReport', runId, epoch, seq, keys: unknown, ...counts });
    if (this.frames.size >= MAX_FRAMES) this.frames.delete(this.frames.keys().next().value!);
    this.frames.set(key, frame);
    return frame;
  }
}

function deltaOf({ series, buckets }: WorkerLoad, random: Random): Omit<IntervalDelta, 'second'> {
  return countsWith(series, () => histogramOf(buckets, random));
}

/** Exactly this many buckets are used. */
function histogramOf(buckets: number, random: Random): Histogram {
  const histogram = new Histogram();
  for (let used = 0; used < buckets; used = usedBuckets(histogram))
    for (let more = used; more < buckets; more += 1) histogram.record(responseTime(random, MEDIAN_US));
  return histogram;
}

function usedBuckets(histogram: Histogram): number {
  let used = 0;
  histogram.forEachBucket(() => (used += 1));
  return used;
}
