import { clip, type Phases, type Sample, type SeriesKey } from '@drumline/model';
import { clipName } from './limits.js';

/** The most spans of a lane in a second. */
export const MAX_LANE_SPANS = 20;
/** The most spans of a run in a second. */
export const MAX_RUN_SPANS = 200;

/** A request that was sent with the id of a trace. */
export interface SpanSample {
  readonly key: SeriesKey;
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** Id of its span, 16 hexadecimal digits; absent if `spanIdOf` tells it. */
  readonly spanId?: string;
  /** Its end, since the start of the run. */
  readonly endedAtMs: number;
  /** Service time in microseconds. */
  readonly durationUs: number;
  /** How late its iteration began; absent if it was on time. */
  readonly lateMs?: number;
  readonly status?: number | string;
  /** Why it failed; absent unless it failed. */
  readonly error?: string;
  readonly isInterrupted?: true;
  readonly phases?: Phases;
}

/** Keeps the first spans of a second. */
export class SpanTally {
  #spans: SpanSample[] = [];

  /** @param most further spans are left out */
  constructor(private readonly most = MAX_RUN_SPANS) {}

  /** Takes a request if it has a trace and there is room. Called for each request. */
  record(sample: Sample, atMs: number): void {
    const { traceId } = sample;
    if (traceId !== undefined && this.#spans.length < this.most) this.add(spanOf(sample, traceId, atMs));
  }

  add(span: SpanSample): void {
    if (this.#spans.length < this.most) this.#spans.push(span);
  }

  all(): SpanSample[] {
    return [...this.#spans];
  }

  reset(): void {
    if (this.#spans.length > 0) this.#spans = [];
  }
}

function spanOf(sample: Sample, traceId: string, endedAtMs: number): SpanSample {
  const { series: key, spanId, durationUs, lateMs = 0, status, failure, outcome, phases } = sample;
  return {
    key,
    traceId,
    ...(spanId !== undefined && { spanId }),
    endedAtMs,
    durationUs: Math.max(0, durationUs),
    ...(lateMs > 0 && { lateMs }),
    ...(status !== undefined && { status: typeof status === 'string' ? clip(status, 100) : status }),
    ...(outcome === 'failed' && { error: clipName(failure ?? 'failed') }),
    ...(outcome === 'interrupted' && { isInterrupted: true as const }),
    ...(phases && { phases: plainPhases(phases) }),
  };
}

/** Drivers may pass an object that has more than the phases. */
function plainPhases({ queuedMs, connectMs, sendMs, waitMs, receiveMs }: Phases): Phases {
  return { queuedMs, connectMs, sendMs, waitMs, receiveMs };
}
