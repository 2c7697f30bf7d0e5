import type { Socket } from 'node:net';
import { FLAG, FRAME, FRAME_HEAD_BYTES, frame, type CannedAnswer } from './canned-answer.js';

const PREFACE_BYTES = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'.length;
const LARGEST_WINDOW = 2 ** 31 - 1;
const USUAL_WINDOW = 65_535;
const INITIAL_WINDOW_SIZE = 4;
/** A window update is sent after this many received bytes. */
const RETURN_BYTES = 2 ** 30;

interface AnsweredStream {
  /** The peer's remaining flow-control window, in bytes. */
  window: number;
  /** Index of the next frame of the answer. */
  next: number;
}

/**
 * The server side of an HTTP/2 connection without TLS that gives every request the same answer. It
 * reads frames and respects flow control, and nothing else, so it is cheaper than any generator.
 */
export class AnsweringConnection {
  private rest: Buffer = Buffer.alloc(0);
  private toSkip = PREFACE_BYTES;
  private window = USUAL_WINDOW;
  private initialWindow = USUAL_WINDOW;
  private receivedBytes = 0;
  private readonly streams = new Map<number, AnsweredStream>();
  /** Streams whose request has arrived, in order. */
  private readonly due = new Set<number>();
  private out: Buffer[] = [];

  constructor(
    private readonly socket: Socket,
    private readonly answer: CannedAnswer,
    private readonly onAnswered: () => void,
  ) {}

  start(): void {
    this.socket.on('error', () => {});
    this.socket.on('data', (chunk) => this.read(chunk));
    const wide = Buffer.alloc(6);
    wide.writeUInt16BE(INITIAL_WINDOW_SIZE);
    wide.writeUInt32BE(LARGEST_WINDOW, 2);
    this.out.push(frame(FRAME.settings, 0, wide));
    this.giveBack(LARGEST_WINDOW - USUAL_WINDOW);
    this.flush();
  }

  private read(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let at = Math.min(this.toSkip, bytes.length);
    this.toSkip -= at;
    while (at + FRAME_HEAD_BYTES <= bytes.length) {
      const end = at + FRAME_HEAD_BYTES + bytes.readUIntBE(at, 3);
      if (end > bytes.length) break;
      const stream = bytes.readUInt32BE(at + 5);
      this.take(bytes[at + 3]!, bytes[at + 4]!, stream, bytes.subarray(at + FRAME_HEAD_BYTES, end));
      at = end;
    }
    this.rest = bytes.subarray(at);
    for (const id of this.due) this.send(id);
    this.flush();
  }

  private take(type: number, flags: number, id: number, payload: Buffer): void {
    switch (type) {
      case FRAME.headers:
        this.streams.set(id, { window: this.initialWindow, next: 0 });
        if (flags & FLAG.endStream) this.due.add(id);
        break;
      case FRAME.data:
        this.receivedBytes += payload.length;
        if (this.receivedBytes > RETURN_BYTES) this.giveBack(this.receivedBytes);
        if (flags & FLAG.endStream) this.due.add(id);
        break;
      case FRAME.rstStream:
        this.forget(id);
        break;
      case FRAME.settings:
        if (!(flags & FLAG.ack)) this.obey(payload);
        break;
      case FRAME.ping:
        if (!(flags & FLAG.ack)) this.out.push(frame(FRAME.ping, FLAG.ack, payload));
        break;
      case FRAME.windowUpdate:
        this.widen(id, payload.readUInt32BE(0));
        break;
    }
  }

  private obey(settings: Buffer): void {
    for (let at = 0; at < settings.length; at += 6) {
      if (settings.readUInt16BE(at) !== INITIAL_WINDOW_SIZE) continue;
      const size = settings.readUInt32BE(at + 2);
      for (const stream of this.streams.values()) stream.window += size - this.initialWindow;
      this.initialWindow = size;
    }
    this.out.push(frame(FRAME.settings, FLAG.ack, Buffer.alloc(0)));
  }

  private widen(id: number, by: number): void {
    const stream = this.streams.get(id);
    if (id === 0) this.window += by;
    else if (stream) stream.window += by;
  }

  /** Sends as much of the answer as the flow-control windows allow. */
  private send(id: number): void {
    const { bytes, frames } = this.answer;
    const stream = this.streams.get(id);
    if (!stream) return this.forget(id);
    const first = stream.next;
    while (stream.next < frames.length) {
      const { flowBytes } = frames[stream.next]!;
      if (flowBytes > Math.min(this.window, stream.window)) break;
      this.window -= flowBytes;
      stream.window -= flowBytes;
      stream.next += 1;
    }
    if (stream.next === first) return;
    const from = frames[first]!.offset;
    const part = Buffer.from(bytes.subarray(from, frames[stream.next - 1]!.end));
    for (let index = first; index < stream.next; index += 1)
      part.writeUInt32BE(id, frames[index]!.offset - from + 5);
    this.out.push(part);
    if (stream.next < frames.length) return;
    this.forget(id);
    this.onAnswered();
  }

  private forget(id: number): void {
    this.streams.delete(id);
    this.due.delete(id);
  }

  private giveBack(bytes: number): void {
    const increment = Buffer.alloc(4);
    increment.writeUInt32BE(bytes);
    this.out.push(frame(FRAME.windowUpdate, 0, increment));
    this.receivedBytes = 0;
  }

  private flush(): void {
    if (this.out.length === 0) return;
    this.socket.write(this.out.length === 1 ? this.out[0]! : Buffer.concat(this.out));
    this.out = [];
  }
}
