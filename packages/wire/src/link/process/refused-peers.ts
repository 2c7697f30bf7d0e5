import type { Observer, Router } from 'zeromq';

/** The longest handshake. After this, the connection is closed. */
export const HANDSHAKE_WITHIN_MS = 10_000;

/**
 * Counts connections that end before they are authenticated, from events of libzmq: peers with a
 * wrong key or an unexpected one, peers with another protocol, silent peers and port scans.
 */
export class RefusedPeers {
  /** Open handshakes that began in this period and in the previous one. */
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
    // libzmq drops peers with another protocol without an event, so their handshakes never end.
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
