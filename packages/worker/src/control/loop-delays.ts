import { delayOfShare, type Millis } from '@drumline/model';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { LaneVitals } from '../lane-protocol.js';

/** The share of responses that a p99 leaves out. */
const SHARE = 0.01;
/** Heartbeats may be more frequent, but response times are judged by the second. */
const LEAST_MS: Millis = 1_000;

/** The delays of the event loop of a lane between two heartbeats. */
export class LoopDelays {
  private worstMs: Millis = 0;
  private delaysMs: Millis[] = [];
  private sinceMs = monotonicMs();

  add({ loopDelayMs, longDelaysMs }: Pick<LaneVitals, 'loopDelayMs' | 'longDelaysMs'>): void {
    this.worstMs = Math.max(this.worstMs, loopDelayMs);
    this.delaysMs.push(...longDelaysMs);
  }

  /**
   * The delays since the last call. @param stalledMs how long the lane has not responded
   */
  take(stalledMs: Millis): { loopDelayMs: Millis; loopDelayP99Ms: Millis } {
    const now = monotonicMs();
    const elapsedMs = Math.max(LEAST_MS, now - this.sinceMs);
    const all = stalledMs > 0 ? [...this.delaysMs, stalledMs] : this.delaysMs;
    const loopDelayMs = Math.max(this.worstMs, stalledMs);
    this.worstMs = 0;
    this.delaysMs = [];
    this.sinceMs = now;
    return { loopDelayMs, loopDelayP99Ms: delayOfShare(SHARE, all, elapsedMs) };
  }
}
