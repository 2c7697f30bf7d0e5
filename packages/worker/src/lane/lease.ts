import type { Millis } from '@drumline/model';
import type { Timing } from './load/member.js';

/**
 * Limits how long a lane may make load without a message from the master. Each message renews it.
 * When it expires, the load ends, even if the network or the control process of the worker has
 * failed.
 */
export class Lease {
  private untilMs = -Infinity;
  private cancelTimer: (() => void) | undefined;

  constructor(
    private readonly onEnd: () => void,
    private readonly timing: Timing,
    private readonly stopTimeoutMs: Millis,
  ) {}

  /**
   * @param untilMs on the machine's monotonic clock; earlier times than before are ignored.
   * `Infinity`: it never expires
   */
  renew(untilMs: Millis): void {
    this.untilMs = Math.max(this.untilMs, untilMs);
    if (this.untilMs < Infinity) this.cancelTimer ??= this.watch();
  }

  /** Whether it has expired, unless a renewal waits to be read. */
  get isExpired(): boolean {
    return this.timing.now() >= this.untilMs;
  }

  /** When users must have stopped, unless it is renewed. Then others may have their rows. */
  get stoppedByMs(): Millis {
    return this.untilMs + this.stopTimeoutMs;
  }

  /** How long users may still take to stop after it has expired, which a stall may have hidden. */
  get leftToStopMs(): Millis {
    return Math.min(this.stopTimeoutMs, Math.max(0, this.stoppedByMs - this.timing.now()));
  }

  /** Ends the lease without a call of `onEnd`, until it is renewed. */
  end(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }

  private watch(): () => void {
    const leftMs = Math.max(0, this.untilMs - this.timing.now());
    return this.timing.after(Math.min(leftMs, MAX_WAIT_MS), () => {
      // After a stall of this process, renewals may wait to be read. Read them before the second
      // check.
      this.cancelTimer = this.timing.after(SECOND_CHECK_MS, () => {
        this.cancelTimer = undefined;
        if (this.isExpired) this.onEnd();
        else this.cancelTimer = this.watch();
      });
    });
  }
}

const SECOND_CHECK_MS = 20;
/** `setTimeout` fires longer timers at once. */
const MAX_WAIT_MS = 2 ** 31 - 1;
