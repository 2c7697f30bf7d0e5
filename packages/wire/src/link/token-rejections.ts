import type { Millis } from '@drumline/model';

/** Failed handshakes in a row, and their duration, that prove a wrong token. */
const SURE_AFTER = 6;
const SURE_AFTER_MS: Millis = 4_000;

/**
 * Distinguishes a wrong token from a broken network. In both cases the connection ends during the
 * handshake, because CURVE gives no reason. But with a broken network, some handshakes succeed, or
 * the port cannot be asked for its mechanism.
 */
export class TokenRejections {
  private count = 0;
  private sinceMs: Millis = 0;

  /**
   * Counts a failed handshake at a port that replied to a request right after.
   * @returns whether the token must be wrong
   */
  add(atMs: Millis): boolean {
    if (this.count === 0) this.sinceMs = atMs;
    this.count += 1;
    return this.count >= SURE_AFTER && atMs - this.sinceMs >= SURE_AFTER_MS;
  }

  /** Resets the count: a handshake succeeded, or failed for another reason. */
  clear(): void {
    this.count = 0;
  }
}
