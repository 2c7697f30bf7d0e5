import type { Millis } from '@drumline/model';
import { Dealer } from 'zeromq';
import { encodeMessage } from '../codec.js';
import type { MasterMessage } from '../messages/master.js';
import type { WorkerMessage } from '../messages/worker.js';
import type { WorkerToken } from '../security/keys.js';
import { Dialling, type LinkRefusal } from './dialling.js';
import type { WorkerLink } from './link.js';
import { Outbox } from './outbox.js';
import { decodeOrDrop } from './frame-receiver.js';

/**
 * Connects to a master. The link works as soon as the master is available, and reconnects.
 * @param address `tcp://HOST:PORT`, or a promise of it
 * @param instance name of the connection, which stays the same after reconnecting
 * @param token with a token, traffic is encrypted, and only a master with its key is accepted
 */
export function dialWorkerLink(
  address: string | Promise<string>,
  instance: string,
  token: WorkerToken | null = null,
): WorkerLink {
  // `immediate`: nothing is queued for an absent master, so that it gets no outdated heartbeats.
  const dealer = new Dealer({
    routingId: instance,
    immediate: true,
    sendTimeout: 0,
    // Large enough for a burst.
    sendHighWaterMark: 10_000,
    linger: 0,
    reconnectInterval: 100,
    reconnectMaxInterval: 2_000,
    tcpKeepalive: 1,
    ...token?.client,
    // No limit, and no ZMTP heartbeats. With a limit, the socket stops reading when its queue is
    // full. If the connection then breaks while a PING is answered or sent, libzmq aborts the
    // process (libzmq issues 3937 and 4841).
    receiveHighWaterMark: 0,
    connectTimeout: 5_000,
    handshakeInterval: 10_000,
  });
  return new ZeromqWorkerLink(dealer, address, token !== null);
}

/** Silence of the master after which the worker reconnects. */
const REDIAL_AFTER_MS: Millis = 10_000;
const CHECK_EVERY_MS: Millis = 1_000;

class ZeromqWorkerLink implements WorkerLink {
  badFrames = 0;
  private readonly outbox: Outbox;
  private closing: Promise<void> | undefined;
  private dialling: Dialling | undefined;
  private onRefused: (refusal: LinkRefusal) => void = () => {};
  /** When the last message arrived, or the worker reconnected. */
  private heardMs = performance.now();
  private readonly silenceTimer: NodeJS.Timeout;

  constructor(
    private readonly dealer: Dealer,
    address: string | Promise<string>,
    hasToken: boolean,
  ) {
    this.outbox = new Outbox({ send: (frames) => this.dealer.send(frames) });
    this.silenceTimer = setInterval(() => this.redialIfSilent(), CHECK_EVERY_MS);
    this.silenceTimer.unref();
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
   * Reconnects after silence. TCP retransmits with growing pauses, so it detects late that the
   * network works again; a new connection works at once.
   */
  private redialIfSilent(): void {
    const now = performance.now();
    if (now - this.heardMs < REDIAL_AFTER_MS) return;
    this.heardMs = now;
    this.dialling?.redial();
  }

  private async flushAndClose(lingerMs: number): Promise<void> {
    clearInterval(this.silenceTimer);
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
