import { Dealer } from 'zeromq';
import { encodeMessage } from '../codec.js';
import type { MasterMessage } from '../messages/master.js';
import type { WorkerMessage } from '../messages/worker.js';
import type { WorkerLink } from './link.js';
import { Outbox } from './outbox.js';
import { decodeOrDrop } from './reception.js';

/**
 * Dials a master and keeps dialling: the link works as soon as the master is there, and again when it comes back.
 * @param address `tcp://HOST:PORT`; dialled as soon as it is known
 * @param instance names this worker's connection to the master, also after reconnecting
 */
export function dialWorkerLink(address: string | Promise<string>, instance: string): WorkerLink {
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
  });
  void Promise.resolve(address).then((known) => {
    if (!dealer.closed) dealer.connect(known);
  });
  return new ZeromqWorkerLink(dealer);
}

class ZeromqWorkerLink implements WorkerLink {
  badFrames = 0;
  private readonly outbox: Outbox;
  private closing: Promise<void> | undefined;

  constructor(private readonly dealer: Dealer) {
    this.outbox = new Outbox({ send: (frames) => this.dealer.send(frames) });
  }

  listen(onMessage: (message: MasterMessage) => void): void {
    void this.receiveAll(onMessage);
  }

  send(message: WorkerMessage): boolean {
    return !this.closing && this.dealer.writable && this.outbox.push([encodeMessage(message)]);
  }

  close(lingerMs = 0): Promise<void> {
    this.closing ??= this.flushAndClose(lingerMs);
    return this.closing;
  }

  private async flushAndClose(lingerMs: number): Promise<void> {
    await this.outbox.flushed();
    this.dealer.linger = lingerMs;
    this.dealer.close();
  }

  private async receiveAll(onMessage: (message: MasterMessage) => void): Promise<void> {
    for await (const frames of this.dealer) {
      const message = frames.length === 1 ? decodeOrDrop(frames[0]!) : undefined;
      if (message) onMessage(message);
      else this.badFrames += 1;
    }
  }
}
