import type { Dealer, Observer } from 'zeromq';
import { askMechanism } from './greeting.js';
import { TokenRejections } from './token-rejections.js';

/**
 * Why a port rejects a worker: `token-needed`, `other-token` if the token is wrong, or `no-key` if
 * the master has no key.
 */
export type LinkRefusal = 'token-needed' | 'other-token' | 'no-key';

const REDIAL_AFTER_MS = 1_000;

/**
 * Keeps a socket connected to one address, and finds out why it is rejected. CURVE gives no reason:
 * the connection ends, as with a broken network. So the port is asked for its mechanism.
 */
export class Dialling {
  private readonly rejections = new TokenRejections();
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

  /** Closes the current connection, if any, and connects again. */
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
    this.rejections.clear();
    clearTimeout(this.redialTimer);
  }

  /** libzmq does not reconnect after this error, but another master may get the port. */
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
    // If the port cannot be asked, the token is not the reason.
    else if (mechanism !== 'CURVE') this.rejections.clear();
    else if (this.rejections.add(failedMs)) this.onRefused('other-token');
  }
}
