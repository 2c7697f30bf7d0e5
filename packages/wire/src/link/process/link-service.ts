import type { Socket } from 'node:net';
import { RecordPipe } from '../pipe/record-pipe.js';
import { TO_LINK, TO_MASTER, type RecordRead } from '../pipe/records.js';
import { Drops } from './drops.js';
import { FloodGuard } from './flood-guard.js';
import { Outboxes } from './outboxes.js';
import type { PortOrder } from './port-order.js';
import { RouterPort } from './router-port.js';
import { isUrgent } from './urgency.js';
import { WaitingFrames } from './waiting-frames.js';

/** The most peers that are remembered as joined. */
const MAX_WORKERS = 20_000;
/** Outgoing bytes at which the master must wait. */
const MAX_OUTGOING_BYTES = 16 * 1024 * 1024;
/** Shorter frames share a large buffer of libzmq. */
const SHORT_BYTES = 8_192;

/** How the link process ends. */
export interface ServiceEnding {
  /** The master has closed the link, and all frames have been sent. */
  closed(): void;
  /** The master has ended, or the process must restart. Must end the process at once. */
  broken(why?: string): void;
}

/** The service of the link process: it forwards frames between the port and the master's pipe. */
export class LinkService {
  private readonly pipe: RecordPipe;
  private readonly workers = new Set<string>();
  private readonly waiting = new WaitingFrames((peer) => this.workers.has(peer));
  private readonly outboxes = new Outboxes({ send: (parts) => this.port!.send(parts) });
  private readonly drops = new Drops((drop) => this.report(TO_MASTER.dropped, JSON.stringify(drop)));
  /** Sync requests of the master that wait until earlier frames have been read. */
  private readonly syncs: { readonly mark: Buffer; readonly askedMs: number }[] = [];
  private port: RouterPort | undefined;
  private guard: FloodGuard | undefined;
  private isPumping = false;

  private isClosing = false;

  constructor(
    socket: Socket,
    private readonly ending: ServiceEnding,
  ) {
    this.pipe = new RecordPipe(socket, {
      record: (record) => this.handle(record),
      room: () => this.pump(),
      ended: () => this.isClosing || ending.broken(),
    });
  }

  private handle({ type, peer, body }: RecordRead): void {
    switch (type) {
      case TO_LINK.bind:
        return void this.bind(JSON.parse(body.toString()) as PortOrder);
      case TO_LINK.frame:
      case TO_LINK.urgentFrame:
        this.remember(peer);
        return this.send(peer, body, type === TO_LINK.urgentFrame);
      case TO_LINK.strangerFrame:
        return this.send(peer, body, false);
      case TO_LINK.sync:
        // The socket reads frames that have arrived by now in this turn of the event loop.
        return void setImmediate(() => this.sync(Buffer.from(body)));
      case TO_LINK.close:
        return void this.close();
    }
  }

  private async bind(order: PortOrder): Promise<void> {
    try {
      this.port = await RouterPort.bind(order, {
        frame: (peer, frame) => this.receive(peer, frame),
        parts: (count) => this.drops.add('bad-frame', `a message in ${count} parts`),
        refused: () => this.drops.add('connection', whyRefused(order)),
      });
    } catch (error) {
      return this.report(TO_MASTER.unavailable, error instanceof Error ? error.message : String(error));
    }
    const { address } = this.port;
    this.guard = new FloodGuard(address, order.security, {
      queuedBytes: () => this.waiting.byteLength + this.outboxes.byteLength,
      cutOff: () =>
        this.drops.add('flood', 'its sender sends faster than its messages are read, and was disconnected'),
      exhausted: (megabytes) => this.ending.broken(`messages of peers filled ${megabytes} MiB of its memory`),
    });
    this.report(TO_MASTER.bound, address);
  }

  private receive(peer: string, frame: Buffer): void {
    this.guard!.read(peer);
    if (this.waiting.isEmpty && this.pipe.hasRoom) this.pipe.write(TO_MASTER.frame, peer, frame);
    else if (this.waiting.add(peer, ownCopy(frame), isUrgent(frame))) this.pumpSoon();
    else this.drops.add('flood', 'the queue of its sender is full');
    this.answerSyncs();
  }

  private pumpSoon(): void {
    if (this.isPumping) return;
    this.isPumping = true;
    setImmediate(() => this.pump());
  }

  /** Forwards waiting frames while the pipe has room. */
  private pump(): void {
    this.isPumping = false;
    while (this.pipe.hasRoom) {
      const taken = this.waiting.take();
      if (!taken) return;
      if ('mark' in taken) this.pipe.write(TO_MASTER.synced, '', taken.mark);
      else this.pipe.write(TO_MASTER.frame, taken.peer, taken.frame);
    }
  }

  private sync(mark: Buffer): void {
    this.syncs.push({ mark, askedMs: performance.now() });
    this.answerSyncs();
  }

  private answerSyncs(): void {
    if (this.syncs.length === 0 || !this.port) return;
    const { readUpToMs } = this.port;
    while (this.syncs[0] && this.syncs[0].askedMs <= readUpToMs) {
      const { mark } = this.syncs.shift()!;
      if (this.waiting.isEmpty) this.pipe.write(TO_MASTER.synced, '', mark);
      else this.waiting.mark(mark);
    }
  }

  private send(peer: string, frame: Buffer, isUrgent: boolean): void {
    if (!this.port) return;
    this.outboxes.push(peer, frame, isUrgent);
    if (this.outboxes.byteLength <= MAX_OUTGOING_BYTES) return;
    this.pipe.hold();
    void this.outboxes.flushed().then(() => this.pipe.release());
  }

  /** Marks a peer as joined, which raises its limits. */
  private remember(peer: string): void {
    this.workers.add(peer);
    if (this.workers.size <= MAX_WORKERS) return;
    const [oldest] = this.workers;
    this.workers.delete(oldest!);
  }

  private async close(): Promise<void> {
    this.isClosing = true;
    await this.outboxes.flushed();
    this.guard?.close();
    this.port?.close();
    this.ending.closed();
  }

  private report(type: number, text: string): void {
    this.pipe.write(type, '', Buffer.from(text));
  }
}

/** Copies short frames, because they would keep a large buffer of libzmq alive. */
function ownCopy(frame: Buffer): Buffer {
  return frame.byteLength < SHORT_BYTES ? Buffer.from(frame) : frame;
}

function whyRefused({ security }: PortOrder): string {
  return security
    ? 'it did not authenticate with the token of this master'
    : 'it is not from a worker, or the worker has a token, but this master has no key';
}
