import { ConnectionError } from './errors.js';
import { readUint31, readUint32, type FrameSink } from './frame-reader.js';
import { Flag, FRAME_HEADER_BYTES, FrameType } from './frames.js';
import type { HeaderReceiver } from './header-receiver.js';
import type { ReceivedHeaders } from './received-headers.js';

export const NOT_HTTP2 = 'it does not begin with SETTINGS';
/** Stream dependency and weight, which are obsolete: RFC 9113, section 6.2. */
const PRIORITY_BYTES = 5;

/** Receives the frames that a server may send: RFC 9113, section 6. */
export interface ServerFrameSink {
  /** @param windowBytes what it takes of the windows, padding included */
  onData(
    streamId: number,
    bytes: Buffer,
    start: number,
    end: number,
    windowBytes: number,
    endStream: boolean,
  ): void;
  /** @param frameBytes of all frames of the block, frame headers included */
  onHeaders(streamId: number, headers: ReceivedHeaders, frameBytes: number, endStream: boolean): void;
  onReset(streamId: number, code: number): void;
  onSettings(bytes: Buffer, start: number, end: number): void;
  onSettingsAck(): void;
  onPing(opaque: string, ack: boolean): void;
  onGoAway(lastStreamId: number, code: number): void;
  /** @param streamId 0 for the connection's own window */
  onWindowUpdate(streamId: number, increment: number): void;
  /** An ignored frame: PRIORITY or an unknown type. */
  onMeaningless(): void;
  /** Whether to continue reading. */
  readonly reading: boolean;
}

/**
 * Parses frames and checks everything that does not depend on the streams. Its errors are
 * `ConnectionError`s.
 */
export class ServerFrames implements FrameSink {
  /** Whether the server's SETTINGS have arrived, which must come first. */
  begun = false;
  /** The stream whose header block is incomplete; 0: none. */
  #blockStreamId = 0;
  #blockEndsStream = false;
  #blockFrameBytes = 0;

  constructor(
    private readonly sink: ServerFrameSink,
    private readonly headers: HeaderReceiver,
  ) {}

  onFrame(type: number, flags: number, streamId: number, bytes: Buffer, start: number, end: number): boolean {
    if (!this.begun) this.#beginWith(type, flags);
    if (this.#blockStreamId !== 0 && (type !== FrameType.continuation || streamId !== this.#blockStreamId)) {
      throw new ConnectionError('PROTOCOL_ERROR', 'a header block that another frame interrupts');
    }
    switch (type) {
      case FrameType.data:
        this.#data(flags, streamId, bytes, start, end);
        break;
      case FrameType.headers:
        this.#headers(flags, streamId, bytes, start, end);
        break;
      case FrameType.continuation:
        this.#continuation(flags, bytes, start, end);
        break;
      case FrameType.rstStream:
        onStream(streamId);
        checkLength(end - start === 4);
        this.sink.onReset(streamId, readUint32(bytes, start));
        break;
      case FrameType.settings:
        this.#settings(flags, streamId, bytes, start, end);
        break;
      case FrameType.pushPromise:
        throw new ConnectionError('PROTOCOL_ERROR', 'a push, which we refused');
      case FrameType.ping:
        onConnection(streamId);
        checkLength(end - start === 8);
        this.sink.onPing(bytes.toString('latin1', start, end), (flags & Flag.ack) !== 0);
        break;
      case FrameType.goAway:
        onConnection(streamId);
        checkLength(end - start >= 8);
        this.sink.onGoAway(readUint31(bytes, start), readUint32(bytes, start + 4));
        break;
      case FrameType.windowUpdate:
        checkLength(end - start === 4);
        this.sink.onWindowUpdate(streamId, readUint31(bytes, start));
        break;
      default:
        this.sink.onMeaningless();
    }
    return this.sink.reading;
  }

  /** RFC 9113, section 3.4. */
  #beginWith(type: number, flags: number): void {
    if (type !== FrameType.settings || (flags & Flag.ack) !== 0) {
      throw new ConnectionError('PROTOCOL_ERROR', NOT_HTTP2);
    }
    this.begun = true;
  }

  #data(flags: number, streamId: number, bytes: Buffer, start: number, end: number): void {
    onStream(streamId);
    const padded = (flags & Flag.padded) !== 0;
    const from = padded ? start + 1 : start;
    const to = padded ? end - paddingBytes(bytes, start, end) : end;
    this.sink.onData(streamId, bytes, from, to, end - start, (flags & Flag.endStream) !== 0);
  }

  #headers(flags: number, streamId: number, bytes: Buffer, start: number, end: number): void {
    onStream(streamId);
    const padded = (flags & Flag.padded) !== 0;
    const to = padded ? end - paddingBytes(bytes, start, end) : end;
    const from = start + (padded ? 1 : 0) + ((flags & Flag.priority) === 0 ? 0 : PRIORITY_BYTES);
    if (from > to) throw new ConnectionError('FRAME_SIZE_ERROR', 'a frame that is too short');
    this.#blockStreamId = streamId;
    this.#blockEndsStream = (flags & Flag.endStream) !== 0;
    this.#blockFrameBytes = FRAME_HEADER_BYTES + end - start;
    this.#addToBlock(bytes, from, to, (flags & Flag.endHeaders) !== 0);
  }

  #continuation(flags: number, bytes: Buffer, start: number, end: number): void {
    if (this.#blockStreamId === 0) {
      throw new ConnectionError('PROTOCOL_ERROR', 'CONTINUATION without a header block');
    }
    this.#blockFrameBytes += FRAME_HEADER_BYTES + end - start;
    this.#addToBlock(bytes, start, end, (flags & Flag.endHeaders) !== 0);
  }

  #addToBlock(bytes: Buffer, start: number, end: number, last: boolean): void {
    const headers = this.headers.add(bytes, start, end, last);
    if (headers === undefined) return;
    const streamId = this.#blockStreamId;
    this.#blockStreamId = 0;
    this.sink.onHeaders(streamId, headers, this.#blockFrameBytes, this.#blockEndsStream);
  }

  #settings(flags: number, streamId: number, bytes: Buffer, start: number, end: number): void {
    onConnection(streamId);
    if ((flags & Flag.ack) === 0) return this.sink.onSettings(bytes, start, end);
    checkLength(end === start);
    this.sink.onSettingsAck();
  }
}

function onStream(streamId: number): void {
  if (streamId === 0) throw new ConnectionError('PROTOCOL_ERROR', 'a frame that belongs to no stream');
}

function onConnection(streamId: number): void {
  if (streamId !== 0) throw new ConnectionError('PROTOCOL_ERROR', 'a frame that belongs to a stream');
}

function checkLength(right: boolean): void {
  if (!right) throw new ConnectionError('FRAME_SIZE_ERROR', 'a frame of a wrong length');
}

/** RFC 9113, section 6.1. */
function paddingBytes(bytes: Buffer, start: number, end: number): number {
  checkLength(end > start);
  const padding = bytes[start]!;
  if (padding >= end - start) throw new ConnectionError('PROTOCOL_ERROR', 'padding longer than its frame');
  return padding;
}
