import type { Millis } from '@drumline/model';

/** Clocks do not drift apart by more than this while a probe is remembered, milliseconds. */
const MAX_DRIFT_MS = 100;

/**
 * What time it is on the master's monotonic clock, seen from a worker. Each heartbeat probes it: the reply was written
 * somewhere between the sending and the receipt, most likely in the middle (Cristian, 1989); of the recent probes the one with the
 * shortest way there and back is the truest, so only that one is believed.
 */
export class ClockEstimate {
  private probes: { roundTripMs: Millis; offsetMs: Millis }[] = [];

  constructor(private readonly keep = 16) {}

  /** Whether any reply has come yet. */
  get known(): boolean {
    return this.probes.length > 0;
  }

  /** Master's time minus ours, milliseconds; 0 until a reply has come. */
  get offsetMs(): Millis {
    let best = this.probes[0];
    for (const probe of this.probes) if (best && probe.roundTripMs < best.roundTripMs) best = probe;
    return best?.offsetMs ?? 0;
  }

  /** Takes in a reply: `sentAtMs` and `receivedAtMs` on our clock, `masterNowMs` on the master's. */
  probe(sentAtMs: Millis, masterNowMs: Millis, receivedAtMs: Millis): void {
    const roundTripMs = receivedAtMs - sentAtMs;
    if (!(roundTripMs >= 0)) return;
    const probe = { roundTripMs, offsetMs: masterNowMs - (sentAtMs + receivedAtMs) / 2 };
    // The reply of another master, or one of the machines was suspended: what is known is of no use any more.
    if (this.known && Math.abs(probe.offsetMs - this.offsetMs) > roundTripMs + MAX_DRIFT_MS) this.probes = [];
    this.probes.push(probe);
    if (this.probes.length > this.keep) this.probes.shift();
  }
}
