/** Shorter pauses do not count as idle: connections in constant use need no limit. */
export const IDLE_FROM_MS = 20;
/**
 * A connection is not used any more this long before the server closes it, or a quarter of the
 * limit if that is less.
 */
const MARGIN_MS = 1_000;
/** What was learnt holds for this long, unless it is confirmed. */
const VALID_MS = 10 * 60_000;
/**
 * A connection that ended in less than this share of what others survived did not end by an idle
 * timeout.
 */
const SIMILAR = 0.9;

/** How long a connection may be idle and still be used, if its server closes it after `limitMs`. */
export function usableMs(limitMs: number): number {
  return limitMs - Math.min(MARGIN_MS, limitMs / 4);
}

/**
 * After what idle time an origin closes connections, learnt from those that it has closed. Most
 * servers have such a limit, and few announce it. All times are milliseconds, instants on the
 * lane's clock.
 */
export class IdleLimit {
  #limitMs = Infinity;
  #learntAtMs = -Infinity;
  #survivedMs = 0;
  #survivedAtMs = -Infinity;

  /** How long a connection may be idle and still be used; Infinity if nothing is known. */
  usableMs(nowMs: number): number {
    if (this.#limitMs === Infinity) return Infinity;
    if (nowMs - this.#learntAtMs > VALID_MS) this.#limitMs = Infinity;
    return usableMs(this.#limitMs);
  }

  /** The server has closed a connection that had been idle for so long. */
  closed(idleMs: number, nowMs: number): void {
    if (idleMs < IDLE_FROM_MS) return;
    const othersSurvived = nowMs - this.#survivedAtMs < VALID_MS ? this.#survivedMs : 0;
    // A server that restarts, or has answered enough on a connection, closes it at any time.
    if (idleMs < othersSurvived * SIMILAR) return;
    const longer = idleMs - this.#limitMs;
    // The limit may be longer than it seemed: connections outlive it. What is too long costs
    // failures, so it grows slowly.
    this.#limitMs = longer > 0 ? this.#limitMs + longer / 4 : idleMs;
    this.#learntAtMs = nowMs;
  }

  /** A connection was idle for so long, and the request that came then was answered on it. */
  survived(idleMs: number, nowMs: number): void {
    if (idleMs < this.#survivedMs && nowMs - this.#survivedAtMs < VALID_MS) return;
    this.#survivedMs = idleMs;
    this.#survivedAtMs = nowMs;
  }
}
