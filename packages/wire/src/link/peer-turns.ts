import type { Millis } from '@drumline/model';

/**
 * Tracks a socket that reads from its peers in turn. It determines up to which time every peer with
 * waiting messages has been read. Once a peer is read a second time, all other waiting peers have
 * had their turn. ZeroMQ may skip a peer when others connect or disconnect, so only the previous
 * round counts.
 */
export class PeerTurns {
  private readonly inThisRound = new Set<string>();
  private roundMs: Millis;
  private roundBeforeMs: Millis;

  constructor(private readonly now: () => Millis = () => performance.now()) {
    this.roundMs = this.roundBeforeMs = now();
  }

  /** Notes that a message of this peer has been read. */
  took(peer: string): void {
    if (this.inThisRound.has(peer)) this.beginRound();
    this.inThisRound.add(peer);
  }

  /** Notes that there is nothing more to read. */
  caughtUp(): void {
    this.beginRound();
    this.roundBeforeMs = this.roundMs;
  }

  /** How long ago a message may have arrived from a peer that has not been read since. */
  get behindMs(): Millis {
    return this.now() - this.roundBeforeMs;
  }

  private beginRound(): void {
    this.inThisRound.clear();
    this.roundBeforeMs = this.roundMs;
    this.roundMs = this.now();
  }
}
