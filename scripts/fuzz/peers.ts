import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { WorkerToken } from '@drumline/wire/security';
import { context, Dealer } from 'zeromq';
import { encoded, FRAME_KINDS, helloOf } from './frames.js';
import type { Random } from './random.js';

/** Number of concurrent peers. Half of them have sent a hello. */
const PEERS = 64;
/**
 * Frames after which a peer is replaced. Sooner or later it sends a goodbye, after which it is
 * ignored.
 */
const FRAMES_OF_ONE = 2_000;
/** Frames that a rejected peer sends at once. None arrives, so it waits for nothing. */
const FRAMES_AT_THE_DOOR = 16;
const AT_THE_DOOR_MS = 100;
/** Concurrent connections that send a hello and close. */
const CROWD = 400;

/** Number of frames sent, by kind. */
export type Thrown = Record<string, number>;

/** Peers that attack a worker port. */
export class Peers {
  readonly thrown: Thrown = {};
  private readonly dealers: Dealer[] = [];

  constructor(
    private readonly address: string,
    private readonly random: Random,
    /** Without a token they are unauthorized: a master with a key accepts none of their frames. */
    private readonly token: WorkerToken | null,
    private readonly isLetIn: boolean,
  ) {
    context.maxSockets = 20_000;
  }

  /** Sends frames from peers that have sent a hello, and from some that have not. */
  async throwFrames(frames: number): Promise<void> {
    await Promise.all(
      Array.from({ length: PEERS }, async (_, index) => {
        const framesOfOne = this.isLetIn ? FRAMES_OF_ONE : FRAMES_AT_THE_DOOR;
        for (let left = Math.ceil(frames / PEERS); left > 0; left -= framesOfOne) {
          const peer = this.open(`fuzz-${this.random.below(2 ** 32)}`);
          if (index % 2 === 0) await this.send(peer, 'hello', [this.hello()]);
          await this.throwFrom(peer, Math.min(left, framesOfOne));
          // Keep admitted peers open: closing a TCP connection could discard unread frames.
          if (this.isLetIn) continue;
          await pause(AT_THE_DOOR_MS);
          peer.close();
        }
      }),
    );
  }

  private async throwFrom(peer: Dealer, frames: number): Promise<void> {
    const kinds = Object.keys(FRAME_KINDS);
    for (let left = frames; left > 0; left -= 1) {
      // Read the output of the master meanwhile: a full pipe would block it.
      if (left % 10 === 0) await nextTurn();
      const kind = this.random.pick(kinds);
      await this.send(peer, kind, FRAME_KINDS[kind]!(this.random));
    }
  }

  /** Opens connections that send a hello and close, each with its own routing id and name. */
  async crowd(connections: number): Promise<void> {
    for (let left = connections; left > 0; left -= CROWD) {
      const peers = Array.from({ length: Math.min(CROWD, left) }, () =>
        this.open(`crowd-${this.random.below(2 ** 32)}`),
      );
      await Promise.all(peers.map((peer) => this.send(peer, 'hello of a crowd', [this.hello()])));
      await pause(20);
      for (const peer of peers) peer.close();
    }
  }

  /** Sends frames that exceed the size limit. Each ends its connection. */
  async throwGiants(count: number): Promise<void> {
    for (let left = count; left > 0; left -= 1) {
      const peer = this.open(`giant-${left}`);
      await this.send(peer, 'frame of 17 MiB', [Buffer.alloc(17 * 1024 * 1024)]);
      await pause(20);
      peer.close();
    }
  }

  close(): void {
    for (const dealer of this.dealers) if (!dealer.closed) dealer.close();
  }

  private hello(): Buffer {
    return encoded(helloOf(`fuzz-${this.random.below(2 ** 32)}`, this.random));
  }

  private open(routingId: string): Dealer {
    const dealer = new Dealer({
      routingId,
      // Wait until frames have arrived, so that no more queue up here than in the master.
      sendHighWaterMark: 16,
      linger: this.isLetIn ? 10_000 : 1_000,
      sendTimeout: this.isLetIn ? 5_000 : 0,
      ...this.token?.client,
    });
    dealer.connect(this.address);
    this.dealers.push(dealer);
    return dealer;
  }

  /** Rejected frames count as well. */
  private async send(peer: Dealer, kind: string, parts: Buffer[]): Promise<void> {
    this.thrown[kind] = (this.thrown[kind] ?? 0) + 1;
    await peer.send(parts).catch(() => {});
  }
}
