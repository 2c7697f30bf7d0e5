/** A ZeroMQ socket for sending. It accepts one message at a time. */
interface Sink {
  send(frames: Uint8Array[]): Promise<void>;
}

/**
 * Queues messages for a socket that accepts one at a time. Messages that the socket rejects are
 * dropped; the protocol resends those that matter.
 */
export class Outbox {
  private readonly queue: Uint8Array[][] = [];
  private queuedBytes = 0;
  private pumping: Promise<void> | undefined;

  constructor(
    private readonly sink: Sink,
    private readonly maxQueued = 100_000,
    private readonly maxQueuedBytes = 256 * 1024 * 1024,
  ) {}

  push(frames: Uint8Array[]): boolean {
    if (this.queue.length >= this.maxQueued || this.queuedBytes > this.maxQueuedBytes) return false;
    this.queue.push(frames);
    this.queuedBytes += bytesOf(frames);
    this.pumping ??= this.pump();
    return true;
  }

  /** Resolves when every queued message has been sent or dropped. */
  async flushed(): Promise<void> {
    await this.pumping;
  }

  private async pump(): Promise<void> {
    for (let next = this.queue.shift(); next; next = this.queue.shift()) {
      this.queuedBytes -= bytesOf(next);
      try {
        await this.sink.send(next);
      } catch {
        // No peer or no room: the message is lost, see `WorkerLink`.
      }
    }
    this.pumping = undefined;
  }
}

function bytesOf(frames: readonly Uint8Array[]): number {
  return frames.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
