import type { Observer, Router } from 'zeromq';

/** A peer whose handshake takes longer is hung up on. */
export const HANDSHAKE_WITHIN_MS = 10_000;

/**
 * Notices the connections to a port that end before they are let in, from what libzmq tells of them: peers without the right key, or
 * with one where none is wanted, whoever speaks another protocol or nothing, and whoever only looks whether the port is open.
 */
export class RefusedPeers {
  /** Handshakes begun in this period and in the one before that have not ended, as far as is known. */
  private begun = 0;
  private begunBefore = 0;
  private readonly timer: NodeJS.Timeout;

  /** @param periodMs longer than any handshake takes */
  constructor(
    router: Router,
    private readonly onRefused: () => void,
    periodMs = HANDSHAKE_WITHIN_MS + 1_000,
  ) {
    void this.watch(router.events);
    // Those who do not even begin as ZeroMQ does are dropped without an event: their handshakes never end.
    this.timer = setInterval(() => {
      for (let n = 0; n < this.begunBefore; n += 1) this.onRefused();
      this.begunBefore = this.begun;
      this.begun = 0;
    }, periodMs);
    this.timer.unref();
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async watch(events: Observer): Promise<void> {
    for await (const { type } of events) {
      if (type === 'accept') this.begun += 1;
      else if (type.startsWith('handshake')) {
        if (type !== 'handshake') this.onRefused();
        this.ended();
      }
    }
  }

  private ended(): void {
    if (this.begunBefore > 0) this.begunBefore -= 1;
    else if (this.begun > 0) this.begun -= 1;
  }
}
