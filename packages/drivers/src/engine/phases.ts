import type { Phases } from '@drumline/model';
import type { ExchangeTiming } from './contract.js';

/**
 * The phases of an exchange or call that ended at `endedAtMs`. Phases that it did not reach are 0.
 */
export function phasesOf(timing: ExchangeTiming, endedAtMs: number): Phases {
  return plainPhases(new TimingPhases(timing, endedAtMs));
}

export function plainPhases({ queuedMs, connectMs, sendMs, waitMs, receiveMs }: Phases): Phases {
  return { queuedMs, connectMs, sendMs, waitMs, receiveMs };
}

/** Computes each phase on demand. This saves an object of five numbers per request. */
export class TimingPhases implements Phases {
  constructor(
    private readonly timing: ExchangeTiming,
    private readonly endedAtMs: number,
  ) {}

  get queuedMs(): number {
    return Math.max(0, this.sentAtMs - this.timing.startedAtMs - this.connectMs);
  }

  /** A connection that was opened earlier took none of the exchange's time. */
  get connectMs(): number {
    const { opened, startedAtMs } = this.timing;
    if (opened === undefined) return 0;
    return Math.min(opened.dnsMs + opened.tcpMs + opened.tlsMs, Math.max(0, this.sentAtMs - startedAtMs));
  }

  get sendMs(): number {
    return this.sendEndedAtMs - this.sentAtMs;
  }

  get waitMs(): number {
    return Math.max(0, this.firstByteAtMs - this.sendEndedAtMs);
  }

  get receiveMs(): number {
    return this.endedAtMs - this.firstByteAtMs;
  }

  private get sentAtMs(): number {
    return this.timing.sentAtMs ?? this.endedAtMs;
  }

  private get sendEndedAtMs(): number {
    return this.timing.sendEndedAtMs ?? this.endedAtMs;
  }

  private get firstByteAtMs(): number {
    return this.timing.firstByteAtMs ?? this.endedAtMs;
  }
}
