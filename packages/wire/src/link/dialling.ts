import type { Dealer, Observer } from 'zeromq';
import { askMechanism } from './greeting.js';

/** Why a port does not let a worker in: it wants a token, it wants another token, or it knows no tokens. */
export type LinkRefusal = 'token-needed' | 'other-token' | 'no-key';

const REDIAL_AFTER_MS = 1_000;
/** A master that closes or a network that fails breaks handshakes off, too; not so often in a row. */
const SURE_AFTER_FAILURES = 3;

/**
 * Keeps a socket dialling one address, and finds out why it is not let in. CURVE tells a stranger nothing: he is hung up on, as he
 * would be by a proxy with nobody behind it. So the port is asked what it wants.
 */
export class Dialling {
  private failures = 0;
  private asking = false;
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
    this.failures = 0;
    clearTimeout(this.redialTimer);
  }

  /** libzmq never dials again where it was told of an error, but the port may be given to another master. */
  private redialLater(): void {
    clearTimeout(this.redialTimer);
    this.redialTimer = setTimeout(() => this.redial(), REDIAL_AFTER_MS);
  }

  private async failed(): Promise<void> {
    this.failures += 1;
    if (this.asking) return;
    this.asking = true;
    const mechanism = await askMechanism(this.address);
    this.asking = false;
    if (this.failures === 0 || this.dealer.closed) return;
    if (mechanism === 'NULL' && this.hasToken) this.onRefused('no-key');
    else if (mechanism === 'CURVE' && !this.hasToken) this.onRefused('token-needed');
    else if (mechanism === 'CURVE' && this.failures >= SURE_AFTER_FAILURES) this.onRefused('other-token');
  }
}
