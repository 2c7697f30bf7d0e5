import type { Millis } from '@drumline/model';
import type { Timing } from './population.js';

/**
 * How long a lane may make load without another word of the master. Each word renews it; when it ends, the load ends, whether
 * the master, the network or the lane's own control process has stopped.
 */
export class Lease {
  private untilMs = -Infinity;
  private cancelTimer: (() => void) | undefined;

  constructor(
    private readonly onEnd: () => void,
    private readonly timing: Timing,
  ) {}

  /** @param untilMs on the machine's monotonic clock; an earlier one than before changes nothing */
  renew(untilMs: Millis): void {
    this.untilMs = Math.max(this.untilMs, untilMs);
    this.cancelTimer ??= this.watch();
  }

  private watch(): () => void {
    const leftMs = Math.max(0, this.untilMs - this.timing.now());
    return this.timing.after(Math.min(leftMs, MAX_WAIT_MS), () => {
      // After a standstill of this process the renewals wait to be read: they come before the second look.
      this.cancelTimer = this.timing.after(SECOND_LOOK_MS, () => {
        this.cancelTimer = undefined;
        if (this.timing.now() < this.untilMs) this.cancelTimer = this.watch();
        else this.onEnd();
      });
    });
  }
}

const SECOND_LOOK_MS = 20;
/** Longer timers fire at once. */
const MAX_WAIT_MS = 2 ** 31 - 1;
