/** Shorter pauses do not count as idle. Connections in constant use need no limit. */
export const IDLE_FROM_MS = 20;
/**
 * Connections are no longer used this long before the server closes them, or a quarter of the limit
 * before if that is shorter.
 */
const MARGIN_MS = 1_000;
/** A learned limit expires after this time unless it is confirmed. */
const VALID_MS = 10 * 60_000;
/**
 * A connection that ended after less than this share of what others survived did not hit an idle
 * timeout.
 */
const SIMILAR = 0.9;

/** How long a connection may be idle and still be used if its server closes it after `limitMs`. */
export function usableMs(limitMs: number): number {
  return limitMs - Math.min(MARGIN_MS, limitMs / 4);
}

/**
 * Learns the idle time after which an origin closes connections. Most servers have such a limit,
 * but few announce it. All times are milliseconds on the lane's clock.
 */
export class IdleLimit {
  #limitMs = Infinity;
  #learntAtMs = -Infinity;
  #survivedMs = 0;
  #survivedAtMs = -Infinity;

  /** How long a connection may be idle and still be used. Infinity if unknown. */
  usableMs(nowMs: number): number {
    if (this.#limitMs === Infinity) return Infinity;
    if (nowMs - this.#learntAtMs > VALID_MS) this.#limitMs = Infinity;
    return usableMs(this.#limitMs);
  }

  /** Records that the server closed a connection after this idle time. */
  closed(idleMs: number, nowMs: number): void {
    if (idleMs < IDLE_FROM_MS) return;
    const othersSurvived = nowMs - this.#survivedAtMs < VALID_MS ? this.#survivedMs : 0;
    // A server may close a connection at any time when it restarts or reaches its request limit.
    if (idleMs < othersSurvived * SIMILAR) return;
    const longer = idleMs - this.#limitMs;
    // Connections outlive the learned limit, so it is too short. It grows slowly, because a limit
    // that is too long causes failures.
    this.#limitMs = longer > 0 ? this.#limitMs + longer / 4 : idleMs;
    this.#learntAtMs = nowMs;
  }

  /** Records that a request succeeded on a connection after this idle time. */
  survived(idleMs: number, nowMs: number): void {
    if (idleMs < this.#survivedMs && nowMs - this.#survivedAtMs < VALID_MS) return;
    this.#survivedMs = idleMs;
    this.#survivedAtMs = nowMs;
  }
}
