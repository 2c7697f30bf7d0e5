import type { Socket } from 'node:net';
import { recordBytes, RecordReader, writeRecordHead, type RecordRead } from './records.js';

/** Events of one end of the pipe. */
export interface PipeEvents {
  record(record: RecordRead): void;
  /** The pipe has room again, after `hasRoom` was false. May also be called at other times. */
  room(): void;
  /** The other end has closed the pipe. No further events follow. */
  ended(): void;
}

/** Size of the buffer into which records are copied. It is sent once per turn of the event loop. */
const SLAB_BYTES = 64 * 1024;
/** Larger bodies are sent without a copy. */
const COPY_BYTES = 16 * 1024;
/** Waiting bytes at which the pipe counts as full. Urgent records cannot overtake these bytes. */
const ROOM_BYTES = 128 * 1024;
/** The longest time to read before timers run. */
const TURN_MS = 20;

/** One end of the pipe between a master and its link process. */
export class RecordPipe {
  private readonly reader = new RecordReader();
  private isReading = false;
  private isHeld = false;
  private slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  /** Bytes of the slab that are filled, and of those the bytes passed to the socket. */
  private filled = 0;
  private sent = 0;
  private isFlushing = false;
  private isOpen = true;

  constructor(
    private readonly socket: Socket,
    private readonly events: PipeEvents,
  ) {
    socket.on('data', (chunk) => {
      this.reader.push(chunk);
      if (!this.isReading) this.readOn();
    });
    // Every error is followed by 'close'.
    socket.on('error', () => {});
    // While `hasRoom` is false, the socket has more bytes than its high-water mark. It emits
    // 'drain' once it has sent all of them.
    socket.on('drain', () => events.room());
    socket.on('close', () => {
      this.isOpen = false;
      events.ended();
    });
  }

  /** Whether the pipe accepts records that should be sent soon. */
  get hasRoom(): boolean {
    return this.waitingBytes < ROOM_BYTES;
  }

  /** Sends a record at the end of this turn. Never waits; check `hasRoom` first. */
  write(type: number, peer: string, body: Uint8Array): void {
    if (!this.isOpen) return;
    const isCopied = body.byteLength <= COPY_BYTES;
    const bytes = recordBytes(peer, body) - (isCopied ? 0 : body.byteLength);
    if (this.filled + bytes > SLAB_BYTES) this.beginSlab();
    const bodyAt = writeRecordHead(this.slab, this.filled, type, peer, body);
    this.filled += bytes;
    if (isCopied) this.slab.set(body, bodyAt);
    else {
      this.handOver();
      this.socket.write(body);
    }
    if (this.isFlushing) return;
    this.isFlushing = true;
    this.socket.cork();
    setImmediate(() => this.flush());
  }

  /** Stops reading until `release`. Unread records wait at the other end. */
  hold(): void {
    this.isHeld = true;
    this.socket.pause();
  }

  release(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    if (!this.isReading) this.readOn();
  }

  private get waitingBytes(): number {
    return this.filled - this.sent + this.socket.writableLength;
  }

  private flush(): void {
    this.isFlushing = false;
    this.handOver();
    this.socket.uncork();
  }

  private beginSlab(): void {
    this.handOver();
    this.slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    this.filled = this.sent = 0;
  }

  private handOver(): void {
    if (this.sent === this.filled) return;
    this.socket.write(this.slab.subarray(this.sent, this.filled));
    this.sent = this.filled;
  }

  private readOn(): void {
    this.isReading = true;
    const turnEndsMs = performance.now() + TURN_MS;
    while (!this.isHeld) {
      const record = this.reader.next();
      if (!record) break;
      this.events.record(record);
      if (performance.now() < turnEndsMs) continue;
      this.socket.pause();
      setImmediate(() => this.readOn());
      return;
    }
    this.isReading = false;
    if (!this.isHeld) this.socket.resume();
  }
}
