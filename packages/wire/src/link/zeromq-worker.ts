import type { Millis } from '@drumline/model';
import { Dealer } from 'zeromq';
import { encodeMessage } from '../codec.js';
import type { MasterMessage } from '../messages/master.js';
import type { WorkerMessage } from '../messages/worker.js';
import type { WorkerToken } from '../security/keys.js';
import { Dialling, type LinkRefusal } from './dialling.js';
import type { WorkerLink } from './link.js';
import { Outbox } from './outbox.js';
import { decodeOrDrop } from './reception.js';

/**
 * Dials a master and keeps dialling: the link works as soon as the master is there, and again when it comes back.
 * @param address `tcp://HOST:PORT`; dialled as soon as it is known
 * @param instance names this worker's connection to the master, also after reconnecting
 * @param token with one, all traffic is encrypted, and only a master with its key is spoken to
 */
export function dialWorkerLink(
  address: string | Promise<string>,
  instance: string,
  token: WorkerToken | null = null,
): WorkerLink {
  // Immediate: nothing is queued for a master that is not there, so that no stale heartbeats greet it when it comes.
  const dealer = new Dealer({
    routingId: instance,
    immediate: true,
    sendTimeout: 0,
    // A burst must not be cut short while the network still has to take it.
    sendHighWaterMark: 10_000,
    linger: 0,
    reconnectInterval: 100,
    reconnectMaxInterval: 2_000,
    tcpKeepalive: 1,
    ...token?.client,
    // No limit, and no ZMTP heartbeats: a socket that stops reading because its queue is full
    // aborts the process when the connection breaks and a PING is answered or sent (libzmq issues
    // 3937 and 4841).
    receiveHighWaterMark: 0,
    connectTimeout: 5_000,
    handshakeInterval: 10_000,
  });
  return new ZeromqWorkerLink(dealer, address, token !== null);
}

/** A connection on which the master has been silent for so long is dialled anew. */
const REDIAL_AFTER_MS: Millis = 10_000;
const LOOK_EVERY_MS: Millis = 1_000;

class ZeromqWorkerLink implements WorkerLink {
  badFrames = 0;
  private readonly outbox: Outbox;
  private closing: Promise<void> | undefined;
  private dialling: Dialling | undefined;
  private onRefused: (refusal: LinkRefusal) => void = () => {};
  /** When the last message came, or the connection was dialled anew. */
  private heardMs = performance.now();
  private readonly looking: NodeJS.Timeout;

  constructor(
    private readonly dealer: Dealer,
    address: string | Promise<string>,
    hasToken: boolean,
  ) {
    this.outbox = new Outbox({ send: (frames) => this.dealer.send(frames) });
    this.looking = setInterval(() => this.redialIfSilent(), LOOK_EVERY_MS);
    this.looking.unref();
    void Promise.resolve(address).then((known) => {
      if (dealer.closed) return;
      dealer.ipv6 = known.includes('[');
      this.dialling = new Dialling(dealer, known, hasToken, (refusal) => this.onRefused(refusal));
    });
  }

  listen(
    onMessage: (message: MasterMessage) => void,
    onRefused: (refusal: LinkRefusal) => void = () => {},
  ): void {
    this.onRefused = onRefused;
    void this.receiveAll(onMessage);
  }

  send(message: WorkerMessage): boolean {
    return !this.closing && this.dealer.writable && this.outbox.push([encodeMessage(message)]);
  }

  close(lingerMs = 0): Promise<void> {
    this.closing ??= this.flushAndClose(lingerMs);
    return this.closing;
  }

  /**
   * TCP retransmits with growing pauses, so it notices late that the network is back. A new
   * connection works at once. Silence is judged by messages of the master, as no others come: see
   * `receiveHighWaterMark` above.
   */
  private redialIfSilent(): void {
    const now = performance.now();
    if (now - this.heardMs < REDIAL_AFTER_MS) return;
    this.heardMs = now;
    this.dialling?.redial();
  }

  private async flushAndClose(lingerMs: number): Promise<void> {
    clearInterval(this.looking);
    this.dialling?.close();
    await this.outbox.flushed();
    this.dealer.linger = lingerMs;
    this.dealer.close();
  }

  private async receiveAll(onMessage: (message: MasterMessage) => void): Promise<void> {
    for await (const frames of this.dealer) {
      this.heardMs = performance.now();
      const message = frames.length === 1 ? decodeOrDrop(frames[0]!) : undefined;
      if (message) onMessage(message);
      else this.badFrames += 1;
    }
  }
}
