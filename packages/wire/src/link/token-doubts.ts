import type { Millis } from '@drumline/model';

/**
 * So many handshakes in a row, over so long, that break off at a port that answers otherwise, mean
 * another token.
 */
const SURE_AFTER = 6;
const SURE_AFTER_MS: Millis = 4_000;

/**
 * Tells a port that does not know a token from a link that breaks. Either way the connection ends
 * in the middle of the handshake, as CURVE gives no reason. But a link that breaks lets handshakes
 * pass, too, or fails when the port is asked for its mechanism.
 */
export class TokenDoubts {
  private count = 0;
  private sinceMs: Millis = 0;

  /**
   * A handshake was broken off, although the port could be asked right after.
   * @returns whether it must be the token
   */
  add(atMs: Millis): boolean {
    if (this.count === 0) this.sinceMs = atMs;
    this.count += 1;
    return this.count >= SURE_AFTER && atMs - this.sinceMs >= SURE_AFTER_MS;
  }

  /** A handshake succeeded, or there is another reason why they fail. */
  clear(): void {
    this.count = 0;
  }
}
