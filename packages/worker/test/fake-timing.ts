import type { Timing } from '../src/lane/load/member.js';

/** A clock that moves only on request, and runs due timers on the way. */
export class FakeTiming implements Timing {
  private nowMs = 0;
  private timers: { atMs: number; action: () => void }[] = [];

  now = (): number => this.nowMs;

  after = (delayMs: number, action: () => void): (() => void) => {
    const timer = { atMs: this.nowMs + delayMs, action };
    this.timers.push(timer);
    return () => (this.timers = this.timers.filter((other) => other !== timer));
  };

  advanceTo(atMs: number): void {
    for (;;) {
      const next = this.timers.filter((timer) => timer.atMs <= atMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.action();
    }
    this.nowMs = Math.max(this.nowMs, atMs);
  }

  /**
   * A stall: the time passes, and only then are the timers run that were due.
   * @param withTimers false if something else comes before them
   */
  skipTo(atMs: number, withTimers = true): void {
    this.nowMs = atMs;
    if (!withTimers) return;
    const due = this.timers.filter((timer) => timer.atMs <= atMs).sort((a, b) => a.atMs - b.atMs);
    for (const timer of due) {
      if (!this.timers.includes(timer)) continue;
      this.timers = this.timers.filter((other) => other !== timer);
      timer.action();
    }
  }
}
