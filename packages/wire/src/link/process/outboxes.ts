import { Fifo } from '../pipe/fifo.js';

/** A router for sending. Rejects with `EAGAIN` (queue full) or `EHOSTUNREACH` (disconnected). */
export interface Sink {
  send(parts: [Buffer, Uint8Array]): Promise<void>;
}

/**
 * The most bytes that wait for one peer, and for all peers. One frame of any size may always wait.
 * Frames beyond the limits are dropped; the protocol resends those that matter.
 */
const MAX_PEER_BYTES = 16 * 1024 * 1024;
const MAX_BYTES = 256 * 1024 * 1024;
const FRAME_OVERHEAD_BYTES = 256;
const RETRY_AFTER_MS = 20;
/** Peers that are retried at a time. */
const RETRY_AT_ONCE = 256;

interface Outgoing {
  readonly frame: Uint8Array;
  readonly isUrgent: boolean;
}

interface Outbox {
  readonly peer: string;
  /** Urgent frames, which are sent first if the peer is stuck. */
  readonly urgent: Fifo<Outgoing>;
  readonly frames: Fifo<Outgoing>;
  bytes: number;
  /** Whether the peer has rejected a frame. Until then, all frames are sent in order. */
  isStuck: boolean;
}

/** Frames that wait for their peers. A stuck peer does not delay the others. */
export class Outboxes {
  private readonly ready = new Fifo<Outbox>();
  private readonly stuck: Outbox[] = [];
  private readonly byPeer = new Map<string, Outbox>();
  private bytes = 0;
  private pumping: Promise<void> | undefined;
  private retry: NodeJS.Timeout | undefined;

  constructor(private readonly sink: Sink) {}

  /** Bytes of all waiting frames, including overhead. */
  get byteLength(): number {
    return this.bytes;
  }

  push(peer: string, frame: Uint8Array, isUrgent: boolean): void {
    const bytes = frame.byteLength + FRAME_OVERHEAD_BYTES;
    const known = this.byPeer.get(peer);
    if (known && known.bytes > 0 && known.bytes + bytes > MAX_PEER_BYTES) return;
    if (this.bytes + bytes > MAX_BYTES) return;
    const outbox = known ?? { peer, urgent: new Fifo(), frames: new Fifo(), bytes: 0, isStuck: false };
    (isUrgent && outbox.isStuck ? outbox.urgent : outbox.frames).push({ frame, isUrgent });
    outbox.bytes += bytes;
    this.bytes += bytes;
    if (known) return;
    this.byPeer.set(peer, outbox);
    this.makeReady(outbox);
  }

  /** Resolves when what waits has been handed to the socket, but for peers that do not take it. */
  async flushed(): Promise<void> {
    await this.pumping;
  }

  private makeReady(outbox: Outbox): void {
    this.ready.push(outbox);
    this.pumping ??= this.pump();
  }

  private async pump(): Promise<void> {
    for (let outbox = this.ready.first; outbox; outbox = this.ready.first) {
      if (await this.sendOne(outbox)) continue;
      this.ready.shift();
    }
    this.pumping = undefined;
    if (this.stuck.length > 0) this.retry ??= setTimeout(() => this.tryAgain(), RETRY_AFTER_MS);
  }

  /** @returns whether the peer may accept more */
  private async sendOne(outbox: Outbox): Promise<boolean> {
    const queue = outbox.urgent.length > 0 ? outbox.urgent : outbox.frames;
    const frame = queue.first?.frame;
    if (frame === undefined) return this.forget(outbox);
    try {
      await this.sink.send([Buffer.from(outbox.peer, 'latin1'), frame]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return this.forget(outbox);
      if (!outbox.isStuck) putUrgentFirst(outbox);
      this.stuck.push(outbox);
      return false;
    }
    queue.shift();
    const bytes = frame.byteLength + FRAME_OVERHEAD_BYTES;
    outbox.bytes -= bytes;
    this.bytes -= bytes;
    return true;
  }

  private forget(outbox: Outbox): false {
    this.bytes -= outbox.bytes;
    this.byPeer.delete(outbox.peer);
    return false;
  }

  private tryAgain(): void {
    this.retry = undefined;
    for (const outbox of this.stuck.splice(0, RETRY_AT_ONCE)) this.makeReady(outbox);
  }
}

function putUrgentFirst(outbox: Outbox): void {
  const { urgent, frames } = outbox;
  outbox.isStuck = true;
  for (let left = frames.length; left > 0; left -= 1) {
    const outgoing = frames.shift()!;
    (outgoing.isUrgent ? urgent : frames).push(outgoing);
  }
}
