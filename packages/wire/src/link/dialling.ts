import type { Dealer, Observer } from 'zeromq';
import { askMechanism } from './greeting.js';
import { TokenDoubts } from './token-doubts.js';

/** Why a port does not let a worker in: it wants a token, it wants another token, or it knows no tokens. */
export type LinkRefusal = 'token-needed' | 'other-token' | 'no-key';

const REDIAL_AFTER_MS = 1_000;

/**
 * Keeps a socket dialling one address, and finds out why it is not let in. CURVE gives no reason:
 * the connection ends, as it does on a link that breaks. So the port is asked for its mechanism.
 */
export class Dialling {
  private readonly doubts = new TokenDoubts();
  private asking = false;
  private succeededMs = -Infinity;
  private redialTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly dealer: Dealer,
    private readonly address: string,
    private readonly hasToken: boolean,
    private readonly onRefused: (refusal: LinkRefusal) => void,
  ) {
    void this.watch(dealer.events);
    dealer.connect(address);
  }

  /** Gives up the present connection, if there is one, and dials again. */
  redial(): void {
    if (this.dealer.closed) return;
    this.dealer.disconnect(this.address);
    this.dealer.connect(this.address);
  }

  close(): void {
    clearTimeout(this.redialTimer);
  }

  private async watch(events: Observer): Promise<void> {
    for await (const { type } of events) {
      if (type === 'handshake') this.succeeded();
      else if (type === 'handshake:error:other') void this.failed();
      else if (type === 'handshake:error:protocol') {
        this.redialLater();
        void this.failed();
      } else if (type === 'handshake:error:auth') {
        this.redialLater();
        this.onRefused('other-token');
      }
    }
  }

  private succeeded(): void {
    this.succeededMs = performance.now();
    this.doubts.clear();
    clearTimeout(this.redialTimer);
  }

  /** libzmq never dials again where it was told of an error, but the port may be given to another master. */
  private redialLater(): void {
    clearTimeout(this.redialTimer);
    this.redialTimer = setTimeout(() => this.redial(), REDIAL_AFTER_MS);
  }

  private async failed(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    const failedMs = performance.now();
    const mechanism = await askMechanism(this.address);
    this.asking = false;
    if (this.dealer.closed || this.succeededMs > failedMs) return;
    if (mechanism === 'NULL' && this.hasToken) this.onRefused('no-key');
    else if (mechanism === 'CURVE' && !this.hasToken) this.onRefused('token-needed');
    // The port that cannot be asked breaks handshakes off for another reason.
    else if (mechanism !== 'CURVE') this.doubts.clear();
    else if (this.doubts.add(failedMs)) this.onRefused('other-token');
  }
}
