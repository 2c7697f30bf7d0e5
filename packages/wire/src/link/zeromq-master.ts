import { setTimeout } from 'node:timers/promises';
import { DrumlineError, messageOf } from '@drumline/model';
import { Router } from 'zeromq';
import { BadFrame, decodeWorkerMessage, encodeMessage } from '../codec.js';
import type { WorkerMessage } from '../messages/worker.js';
import type { MasterLink } from './link.js';
import { Outbox } from './outbox.js';

/**
 * Binds the master's one port.
 * @param address `tcp://HOST:PORT`; port 0 takes a free one, and the link's `address` names it
 * @throws DrumlineError `address-unavailable` if the port is taken or the address is not of this machine
 */
export async function bindMasterLink(address: string): Promise<MasterLink> {
  // Handover: a worker that reconnects takes its old place at once, also while the old connection seems alive.
  const router = new Router({ handover: true, linger: 1_000, sendHighWaterMark: 0, backlog: 8_192 });
  try {
    await bindPatiently(router, address);
  } catch (error) {
    router.close();
    throw new DrumlineError(
      'address-unavailable',
      `The master cannot listen on ${address}: ${messageOf(error)}.`,
      'Stop whoever uses the port, choose another one with --bind tcp://HOST:PORT, or use port 0 for any free one.',
      { cause: error },
    );
  }
  return new ZeromqMasterLink(router, router.lastEndpoint ?? address);
}

/** ZeroMQ lets go of a port a moment after its socket is closed: a master that is bound anew must not find it taken. */
async function bindPatiently(router: Router, address: string): Promise<void> {
  for (let left = 5; ; left -= 1) {
    try {
      return await router.bind(address);
    } catch (error) {
      if (left === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      await setTimeout(50);
    }
  }
}

class ZeromqMasterLink implements MasterLink {
  badFrames = 0;
  private readonly outbox: Outbox;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly router: Router,
    readonly address: string,
  ) {
    this.outbox = new Outbox({ send: (frames) => this.router.send(frames) });
  }

  listen(onMessage: (peer: string, message: WorkerMessage) => void): void {
    void this.receiveAll(onMessage);
  }

  send(peer: string, message: Parameters<MasterLink['send']>[1]): void {
    this.outbox.push([Buffer.from(peer, 'latin1'), encodeMessage(message)]);
  }

  close(): Promise<void> {
    this.closing ??= this.flushAndClose();
    return this.closing;
  }

  private async flushAndClose(): Promise<void> {
    await this.outbox.flushed();
    this.router.close();
  }

  private async receiveAll(onMessage: (peer: string, message: WorkerMessage) => void): Promise<void> {
    for await (const frames of this.router) {
      const [peer, frame] = frames;
      if (frames.length !== 2 || !peer || !frame) {
        this.badFrames += 1;
        continue;
      }
      try {
        onMessage(peer.toString('latin1'), decodeWorkerMessage(frame));
      } catch (error) {
        if (!(error instanceof BadFrame)) throw error;
        this.badFrames += 1;
      }
    }
  }
}
