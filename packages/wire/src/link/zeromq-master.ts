import { setImmediate, setTimeout } from 'node:timers/promises';
import { DrumlineError, messageOf, type Millis } from '@drumline/model';
import { Context, Router } from 'zeromq';
import { encodeMessage, MAX_WORKER_FRAME_BYTES } from '../codec.js';
import type { MasterKey } from '../security/keys.js';
import type { MasterLink } from './link.js';
import { Outbox } from './outbox.js';
import { PeerTurns } from './peer-turns.js';
import { Reception } from './reception.js';
import { HANDSHAKE_WITHIN_MS, RefusedPeers } from './refused-peers.js';
import { guardContext } from './zap.js';

/**
 * No limit for messages of one peer that wait to be read: a socket that stops reading because its queue is full aborts the process
 * when the peer resets the connection behind a PING (libzmq issues 3937 and 4841).
 */
const WAITING_FROM_PEER = 0;
/** Messages that wait for one peer to take them; further ones are lost, and said again if they matter. */
const WAITING_FOR_PEER = 2_000;
/** However much there is to read, timers get a turn this often. */
const TURN_MS: Millis = 20;

/**
 * Binds the master's one port.
 * @param address `tcp://HOST:PORT`; port 0 takes a free one, and the link's `address` names it
 * @param key with one, all traffic is encrypted, and only workers with its token are let in
 * @throws DrumlineError `address-unavailable` if the port is taken or the address is not of this machine
 */
export async function bindMasterLink(address: string, key: MasterKey | null = null): Promise<MasterLink> {
  const secured = key && (await securityOf(key));
  // Handover: a worker that reconnects takes its old place at once, also while the old connection seems alive.
  const router = new Router({
    handover: true,
    ipv6: address.includes('['),
    linger: 1_000,
    backlog: 8_192,
    sendHighWaterMark: WAITING_FOR_PEER,
    receiveHighWaterMark: WAITING_FROM_PEER,
    // Who announces more is cut off before a byte of it is kept.
    maxMessageSize: MAX_WORKER_FRAME_BYTES,
    handshakeInterval: HANDSHAKE_WITHIN_MS,
    ...secured?.options,
  });
  try {
    await bindPatiently(router, address);
  } catch (error) {
    router.close();
    secured?.guard.close();
    throw new DrumlineError(
      'address-unavailable',
      `The master cannot listen on ${address}: ${messageOf(error)}.`,
      'Stop whoever uses the port, choose another one with --bind tcp://HOST:PORT, or use port 0 for any free one.',
      { cause: error },
    );
  }
  return new ZeromqMasterLink(router, router.lastEndpoint ?? address, secured?.guard);
}

/** What makes a socket let in only workers with the token of this key. */
async function securityOf(key: MasterKey) {
  // A context has one guard, so each link has a context.
  const context = new Context();
  const guard = await guardContext(context, key.workersPublicKey);
  return { options: { context, zapDomain: 'drumline', ...key.server }, guard };
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
  private readonly reception = new Reception();
  private readonly outbox: Outbox;
  private readonly refusedPeers: RefusedPeers;
  private readonly turns = new PeerTurns();
  /** Whether the last read found nothing, and the next message is awaited. */
  private isReceiving = false;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly router: Router,
    readonly address: string,
    private readonly guard: { close(): void } | undefined,
  ) {
    this.outbox = new Outbox({ send: (frames) => this.router.send(frames) });
    const why = guard
      ? 'it did not show that it has the token of this master'
      : 'it is no worker’s, or that of one with a token, and this master has no key';
    this.refusedPeers = new RefusedPeers(router, () => this.reception.refuse(why));
  }

  get badFrames(): number {
    return this.reception.badFrames;
  }

  get unreadForMs(): Millis {
    if (!this.isReceiving) return this.turns.behindMs;
    this.turns.caughtUp();
    return 0;
  }

  listen(...listener: Parameters<MasterLink['listen']>): void {
    this.reception.listen(...listener);
    void this.receiveAll();
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
    this.refusedPeers.close();
    this.router.close();
    this.guard?.close();
  }

  /** ZeroMQ takes from its peers in turn, so that one that talks without end delays the others by a message each. */
  private async receiveAll(): Promise<void> {
    let turnEndsMs = performance.now() + TURN_MS;
    for (;;) {
      const [peer, frame, ...more] = await this.receive();
      if (this.router.closed) return;
      if (peer && frame && more.length === 0) this.take(peer.toString('latin1'), frame);
      else this.reception.drop(`a message in ${1 + more.length} parts`);
      if (performance.now() < turnEndsMs) continue;
      await setImmediate();
      turnEndsMs = performance.now() + TURN_MS;
    }
  }

  /** @returns nothing if the socket is closed */
  private async receive(): Promise<Buffer[]> {
    this.isReceiving = true;
    try {
      return await this.router.receive();
    } catch (error) {
      if (this.router.closed) return [];
      throw error;
    } finally {
      this.isReceiving = false;
    }
  }

  private take(peer: string, frame: Buffer): void {
    this.turns.took(peer);
    this.reception.take(peer, frame);
  }
}
