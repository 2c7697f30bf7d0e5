/** What a ZeroMQ socket needs to be written to: it takes one message at a time. */
interface Sink {
  send(frames: Uint8Array[]): Promise<void>;
}

/**
 * Lines messages up for a socket that takes one at a time. A message that the socket cannot take is dropped, never waited for:
 * the protocol above repeats whatever matters.
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

  /** Resolves when all that was pushed has been handed to the socket or dropped. */
  async flushed(): Promise<void> {
    await this.pumping;
  }

  private async pump(): Promise<void> {
    for (let next = this.queue.shift(); next; next = this.queue.shift()) {
      this.queuedBytes -= bytesOf(next);
      try {
        await this.sink.send(next);
      } catch {
        // No peer or no room: the message is lost, as `MasterLink` and `WorkerLink` say.
      }
    }
    this.pumping = undefined;
  }
}

function bytesOf(frames: readonly Uint8Array[]): number {
  return frames.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
