import type { Millis } from '@drumline/model';

/** The largest drift between the clocks while a probe is kept, in milliseconds. */
const MAX_DRIFT_MS = 100;

/**
 * A worker's estimate of the master's monotonic clock. Each heartbeat probes it. The reply was
 * written between sending and receipt, most likely in the middle (Cristian, 1989). Only the recent
 * probe with the shortest round trip is used, because it is the most accurate.
 */
export class ClockEstimate {
  private probes: { roundTripMs: Millis; offsetMs: Millis }[] = [];

  constructor(private readonly keep = 16) {}

  /** Whether a reply has been received. */
  get known(): boolean {
    return this.probes.length > 0;
  }

  /** The master's time minus this process's, in milliseconds; 0 before the first reply. */
  get offsetMs(): Millis {
    let best = this.probes[0];
    for (const probe of this.probes) if (best && probe.roundTripMs < best.roundTripMs) best = probe;
    return best?.offsetMs ?? 0;
  }

  /** The time to the last reply; undefined before the first. */
  get roundTripMs(): Millis | undefined {
    return this.probes.at(-1)?.roundTripMs;
  }

  /**
   * Adds a probe.
   * @param sentAtMs when the heartbeat was sent, on this process's clock
   * @param masterNowMs when the reply was written, on the master's clock
   * @param receivedAtMs when the reply arrived, on this process's clock
   */
  probe(sentAtMs: Millis, masterNowMs: Millis, receivedAtMs: Millis): void {
    const roundTripMs = receivedAtMs - sentAtMs;
    if (!(roundTripMs >= 0)) return;
    const probe = { roundTripMs, offsetMs: masterNowMs - (sentAtMs + receivedAtMs) / 2 };
    // Another master replied, or a machine was suspended: earlier probes are invalid.
    if (this.known && Math.abs(probe.offsetMs - this.offsetMs) > roundTripMs + MAX_DRIFT_MS) this.probes = [];
    this.probes.push(probe);
    if (this.probes.length > this.keep) this.probes.shift();
  }
}
