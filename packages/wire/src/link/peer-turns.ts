import type { Millis } from '@drumline/model';

/**
 * Tracks a socket that reads from its peers in turn. It determines up to which time all messages
 * have been read: once a peer is read a second time, every waiting peer has had its turn. ZeroMQ
 * may skip a peer when others connect or disconnect, so only the previous round counts.
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

  /** The maximum age of a message that has arrived but has not been read. */
  get behindMs(): Millis {
    return this.now() - this.roundBeforeMs;
  }

  private beginRound(): void {
    this.inThisRound.clear();
    this.roundBeforeMs = this.roundMs;
    this.roundMs = this.now();
  }
}
