import {
  encodeCounts,
  HeldTimes,
  Histogram,
  KeyDictionary,
  requestsIn,
  type IntervalDelta,
  type WindowDelta,
} from '@drumline/stats';
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

/** Which response times of series a report has. */
export interface ReportedTimes {
  /** Whether those of its second follow in a window. */
  readonly isCoarse: boolean;
  /** Length of the window that ends with its second; 0 for none. */
  readonly windowSeconds: number;
}

/** What distinguishes reports of the same variant. */
export interface ReportHead {
  readonly runId: string;
  readonly epoch: number;
  readonly seq: number;
  readonly second: number;
  readonly times: ReportedTimes;
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
  /** By variant: the deltas without the response times of series. */
  private readonly coarse: IntervalDelta[] = [];
  /** By variant of the last second and length. */
  private readonly windows = new Map<string, WindowDelta[]>();
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
    const { runId, epoch, seq, second, times, keysKnown } = head;
    const number = variant % VARIANTS;
    const { isCoarse, windowSeconds } = times;
    const key = `${number} ${epoch} ${seq} ${second} ${isCoarse} ${windowSeconds} ${keysKnown} ${runId}`;
    const known = this.frames.get(key);
    if (known) return known;
    const { keys, ...counts } = encodeCounts(this.deltasOf(number, second, times), this.dictionary);
    const unknown = keysKnown ? [] : [...keys];
    const frame = encodeMessage({ type: 'statsReport', runId, epoch, seq, keys: unknown, ...counts });
    if (this.frames.size >= MAX_FRAMES) this.frames.delete(this.frames.keys().next().value!);
    this.frames.set(key, frame);
    return frame;
  }

  private deltasOf(
    number: number,
    second: number,
    { isCoarse, windowSeconds }: ReportedTimes,
  ): IntervalDelta[] {
    const delta = { second, ...this.deltas[number]! };
    if (!isCoarse) return [delta];
    const coarse = (this.coarse[number] ??= holdBack(delta));
    if (windowSeconds === 0) return [{ ...coarse, second }];
    const windows = this.windowsOf(number, windowSeconds);
    const fromSecond = second - windowSeconds + 1;
    return [{ ...coarse, second, windows: windows.map((window) => ({ ...window, fromSecond })) }];
  }

  /** Prepares windows of this length, so that it does not delay the workers later. */
  prepareWindows(windowSeconds: number): void {
    for (let number = 0; number < VARIANTS; number += 1) this.windowsOf(number, windowSeconds);
  }

  private windowsOf(number: number, windowSeconds: number): WindowDelta[] {
    const id = `${number} ${windowSeconds}`;
    const windows = this.windows.get(id) ?? this.mergedWindows(number, windowSeconds);
    this.windows.set(id, windows);
    return windows;
  }

  /** Counted back from the last report, each second of a window had another variant. */
  private mergedWindows(number: number, windowSeconds: number): WindowDelta[] {
    const held = new HeldTimes();
    for (let back = 0; back < windowSeconds; back += 1)
      held.hold({ second: 0, ...this.deltas[(number - back + VARIANTS) % VARIANTS]! });
    return held.take(Infinity)[0]!.windows!;
  }
}

function holdBack(delta: IntervalDelta): IntervalDelta {
  return new HeldTimes().hold(delta);
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
