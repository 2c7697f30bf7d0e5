import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { WorkerToken } from '@drumline/wire/security';
import { context, Dealer } from 'zeromq';
import { encoded, FRAME_KINDS, helloOf } from './frames.js';
import type { Random } from './random.js';

/** Peers that throw at once; half of them have said hello. */
const PEERS = 64;
/** Frames of a peer before another takes its place: sooner or later one of them is a goodbye, and nothing is heard after it. */
const FRAMES_OF_ONE = 2_000;
/** What a peer that is not let in can say at once; nothing of it arrives, so that it waits for nothing. */
const FRAMES_AT_THE_DOOR = 16;
const AT_THE_DOOR_MS = 100;
/** Connections at a time that say hello and go. */
const CROWD = 400;

/** How many frames of each kind were thrown. */
export type Thrown = Record<string, number>;

/** Peers that attack a worker port. */
export class Peers {
  readonly thrown: Thrown = {};
  private readonly dealers: Dealer[] = [];

  constructor(
    private readonly address: string,
    private readonly random: Random,
    /** Without one they are strangers; a master that wants one lets none of their frames in. */
    private readonly token: WorkerToken | null,
    private readonly isLetIn: boolean,
  ) {
    context.maxSockets = 20_000;
  }

  /** Throws so many frames, from peers that have said hello and from some that have not. */
  async throwFrames(frames: number): Promise<void> {
    await Promise.all(
      Array.from({ length: PEERS }, async (_, index) => {
        const framesOfOne = this.isLetIn ? FRAMES_OF_ONE : FRAMES_AT_THE_DOOR;
        for (let left = Math.ceil(frames / PEERS); left > 0; left -= framesOfOne) {
          const peer = this.open(`fuzz-${this.random.below(2 ** 32)}`);
          if (index % 2 === 0) await this.send(peer, 'hello', [this.hello()]);
          await this.throwFrom(peer, Math.min(left, framesOfOne));
          // Whoever is let in stays: TCP would take back what it has said and the master has not read.
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
      // What the master says must be read meanwhile: who does not read what it prints holds it up.
      if (left % 10 === 0) await nextTurn();
      const kind = this.random.pick(kinds);
      await this.send(peer, kind, FRAME_KINDS[kind]!(this.random));
    }
  }

  /** So many connections, each with a routing id and a name of its own, that say hello and are gone. */
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

  /** Frames that are longer than the master takes; each ends its connection. */
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
      // What is thrown must arrive, and no more may wait here than there.
      sendHighWaterMark: 16,
      linger: this.isLetIn ? 10_000 : 1_000,
      sendTimeout: this.isLetIn ? 5_000 : 0,
      ...this.token?.client,
    });
    dealer.connect(this.address);
    this.dealers.push(dealer);
    return dealer;
  }

  /** A frame that a closed door keeps out counts as thrown, too. */
  private async send(peer: Dealer, kind: string, parts: Buffer[]): Promise<void> {
    this.thrown[kind] = (this.thrown[kind] ?? 0) + 1;
    await peer.send(parts).catch(() => {});
  }
}
