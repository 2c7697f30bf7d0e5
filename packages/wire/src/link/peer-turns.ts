import type { Millis } from '@drumline/model';

/**
 * Follows a socket that reads from its peers in turn, and tells up to when every peer that had
 * something to read has been heard. Once a peer is read a second time, all others that waited have
 * had their turn. ZeroMQ may skip a peer when others come and go, so only the round before counts.
 */
export class PeerTurns {
  private readonly inThisRound = new Set<string>();
  private roundMs: Millis;
  private roundBeforeMs: Millis;

  constructor(private readonly now: () => Millis = () => performance.now()) {
    this.roundMs = this.roundBeforeMs = now();
  }

  /** A message of this peer has been read. */
  took(peer: string): void {
    if (this.inThisRound.has(peer)) this.beginRound();
    this.inThisRound.add(peer);
  }

  /** There is nothing more to read. */
  caughtUp(): void {
    this.beginRound();
    this.roundBeforeMs = this.roundMs;
  }

  /** How long ago something may have arrived of a peer that has not been read since. */
  get behindMs(): Millis {
    return this.now() - this.roundBeforeMs;
  }

  private beginRound(): void {
    this.inThisRound.clear();
    this.roundBeforeMs = this.roundMs;
    this.roundMs = this.now();
  }
}
