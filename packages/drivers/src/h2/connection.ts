import { StateMachine } from '@drumline/model';
import type { Transport, TransportReceiver } from '../dial/transport.js';
import type { Failure } from '../engine/failure.js';
import { CONNECTION_STATES, type ConnectionEvent, type ConnectionState } from './connection-states.js';
import type { H2ConnectionEvents, H2Options, H2StreamEvents } from './contract.js';
import { DataSender } from './data-sender.js';
import { ConnectionError, connectionEnded, ErrorCode, protocolFailure } from './errors.js';
import { FloodGuard } from './flood-guard.js';
import { FrameReader } from './frame-reader.js';
import {
  FRAME_HEADER_BYTES,
  goAwayFrame,
  MAX_STREAM_ID,
  pingFrame,
  SETTINGS_ACK,
  windowUpdateFrame,
} from './frames.js';
import type { HeaderBlock } from './header-block.js';
import { createHeaderCache, HeaderReceiver } from './header-receiver.js';
import { Outbox } from './outbox.js';
import { Pings } from './pings.js';
import { ReceiveWindow } from './receive-window.js';
import type { ReceivedHeaders } from './received-headers.js';
import { NOT_HTTP2, ServerFrames, type ServerFrameSink } from './server-frames.js';
import {
  DEFAULT_WINDOW_BYTES,
  greeting,
  HEADER_TABLE_BYTES,
  PeerSettings,
  WINDOW_TOO_LARGE,
} from './settings.js';
import { H2Stream, type StreamHost } from './stream.js';

const DEFAULT_STREAM_WINDOW_BYTES = 1024 * 1024;
const DEFAULT_CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024;

/** An HTTP/2 connection (RFC 9113). No server input makes it throw or use unbounded memory. */
export class H2Connection implements TransportReceiver, ServerFrameSink, StreamHost {
  readonly #state: StateMachine<ConnectionState, ConnectionEvent>;
  readonly #outbox: Outbox;
  readonly #sender: DataSender;
  readonly #guard: FloodGuard;
  readonly #headers: HeaderReceiver;
  readonly #frames: ServerFrames;
  readonly #reader: FrameReader;
  readonly #window: ReceiveWindow;
  readonly #streamWindowBytes: number;
  readonly #maxStreams: number;
  readonly #peer = new PeerSettings();
  readonly #pings = new Pings();
  readonly #streams = new Map<number, H2Stream>();
  /** All bytes received from the server, of every kind. */
  bytesReceived = 0;
  #nextStreamId = 1;
  /** The error that the server gave with GOAWAY. */
  #serverError: number | undefined;

  /** Sends the preface and becomes the transport's receiver. */
  constructor(
    private readonly transport: Transport,
    private readonly events: H2ConnectionEvents,
    options: H2Options = {},
  ) {
    this.#state = new StateMachine(CONNECTION_STATES, 'open');
    const { now = () => performance.now(), connectionWindowBytes = DEFAULT_CONNECTION_WINDOW_BYTES } =
      options;
    this.#outbox = new Outbox(transport, now, (atMs) => events.onHandedOver(atMs));
    this.#guard = new FloodGuard(now);
    this.#sender = new DataSender(this.#outbox, () => this.#guard.progress());
    this.#headers = new HeaderReceiver(options.headerCache ?? createHeaderCache(), options.strict);
    this.#frames = new ServerFrames(this, this.#headers);
    this.#reader = new FrameReader(this.#frames);
    const windowBytes = Math.max(DEFAULT_WINDOW_BYTES, connectionWindowBytes);
    this.#window = new ReceiveWindow(windowBytes);
    this.#streamWindowBytes = options.streamWindowBytes ?? DEFAULT_STREAM_WINDOW_BYTES;
    this.#maxStreams = options.maxStreams ?? Infinity;
    transport.receiver = this;
    this.#outbox.add(greeting(this.#streamWindowBytes, windowBytes));
  }

  get openStreams(): number {
    return this.#streams.size;
  }

  /** How many more streams may be opened now. Stays 0 once retired. */
  get room(): number {
    if (this.#state.state !== 'open') return 0;
    return Math.max(0, Math.min(this.#maxStreams, this.#peer.maxStreams) - this.#streams.size);
  }

  /**
   * Opens a stream, if there is room. Its frames leave at the end of the turn of the event loop.
   * @param endStream whether no body follows
   */
  request(block: HeaderBlock, endStream: boolean, events: H2StreamEvents): H2Stream {
    const id = this.#nextStreamId;
    this.#nextStreamId += 2;
    const { windowBytes } = this.#peer;
    const stream = new H2Stream(id, this, events, block.head, this.#streamWindowBytes, windowBytes);
    this.#streams.set(id, stream);
    if (!endStream) this.transport.readBeforeBreaking();
    const frames = block.frames(id, endStream);
    this.#outbox.add(frames);
    stream.opened(frames.length, endStream);
    if (this.#nextStreamId > MAX_STREAM_ID) this.#retire();
    return stream;
  }

  /** Makes the next request wait until everything received meanwhile has been read. */
  readFirst(): void {
    this.#outbox.readFirst();
  }

  /** Sends a PING. `onAck` is called if the server answers it. */
  ping(onAck: () => void): void {
    this.#outbox.add(pingFrame(this.#pings.add(onAck), false));
  }

  /** Accepts no more streams, and closes when the last one has ended. */
  goAway(): void {
    this.#retire();
    this.#closeIfDone();
  }

  /** Closes at once. Open streams end with the failure, or as closed by us. */
  destroy(failure?: Failure): void {
    if (!this.#state.send('close')) return;
    this.#outbox.close();
    this.transport.destroy();
    this.#loseStreams(failure);
  }

  // Events of the transport.

  onBytes(bytes: Buffer, length: number): void {
    if (!this.reading) return;
    this.bytesReceived += length;
    try {
      this.#reader.read(bytes, length);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.#break(this.#frames.begun ? error : new ConnectionError('PROTOCOL_ERROR', NOT_HTTP2));
    }
  }

  onDrain(): void {
    this.#outbox.drained();
    this.#sender.sendWaiting();
  }

  onEnd(): void {
    this.#retire();
    this.events.onEnd?.();
  }

  onClosed(failure: Failure | undefined): void {
    this.#state.send('close');
    this.#outbox.close();
    const reason = this.#serverError === undefined ? failure : connectionEnded(this.#serverError);
    this.#loseStreams(reason);
    this.events.onClosed();
  }

  // Frames of the server.

  get reading(): boolean {
    return this.#state.state !== 'closed';
  }

  onData(
    streamId: number,
    bytes: Buffer,
    start: number,
    end: number,
    windowBytes: number,
    endStream: boolean,
  ): void {
    this.#window.take(windowBytes);
    const increment = this.#window.renew();
    if (increment > 0) this.#outbox.add(windowUpdateFrame(0, increment));
    const stream = this.#stream(streamId, windowBytes);
    if (stream === undefined) return;
    if (end > start || endStream) this.#progress();
    else this.#guard.idle();
    stream.bytesReceived += FRAME_HEADER_BYTES + windowBytes;
    stream.receiveData(bytes, start, end, windowBytes, endStream);
  }

  onHeaders(streamId: number, headers: ReceivedHeaders, frameBytes: number, endStream: boolean): void {
    const stream = this.#stream(streamId);
    if (stream === undefined) return;
    if (headers.interim) this.#guard.idle();
    else this.#progress();
    stream.bytesReceived += frameBytes;
    stream.receiveHeaders(headers, endStream);
  }

  onReset(streamId: number, code: number): void {
    const stream = this.#stream(streamId);
    if (stream === undefined) return;
    stream.bytesReceived += FRAME_HEADER_BYTES + 4;
    stream.receiveReset(code);
  }

  onSettings(bytes: Buffer, start: number, end: number): void {
    this.#guard.idle();
    const { windowBytes, maxStreams } = this.#peer;
    this.#peer.read(bytes, start, end);
    this.#outbox.add(SETTINGS_ACK);
    const widening = this.#peer.windowBytes - windowBytes;
    if (widening !== 0) {
      for (const stream of this.#streams.values()) {
        if (!stream.widenSendWindow(widening)) {
          throw new ConnectionError('FLOW_CONTROL_ERROR', WINDOW_TOO_LARGE);
        }
      }
    }
    if (this.#peer.maxStreams !== maxStreams) this.events.onRoom();
  }

  onSettingsAck(): void {
    this.#guard.idle();
    this.#headers.limitTable(HEADER_TABLE_BYTES);
  }

  onPing(opaque: string, ack: boolean): void {
    if (ack && this.#pings.answered(opaque)) return;
    this.#guard.idle();
    if (!ack) this.#outbox.add(pingFrame(opaque, true));
  }

  onGoAway(lastStreamId: number, code: number): void {
    this.#guard.idle();
    if (code !== ErrorCode.NO_ERROR) this.#serverError = code;
    this.#retire();
    if (code === ErrorCode.HTTP_1_1_REQUIRED) this.events.onHttp11Required?.();
    for (const stream of this.#streams.values()) {
      if (stream.id > lastStreamId) stream.returned();
    }
    this.#closeIfDone();
  }

  onWindowUpdate(streamId: number, increment: number): void {
    const stream = streamId === 0 ? undefined : this.#stream(streamId);
    if (streamId !== 0 && stream === undefined) return;
    this.#guard.idle();
    if (stream !== undefined) stream.receiveWindowUpdate(increment);
    else if (increment === 0) throw new ConnectionError('PROTOCOL_ERROR', 'a window that grows by nothing');
    else this.#sender.widen(increment);
  }

  onMeaningless(): void {
    this.#guard.idle();
  }

  // Requests of the streams.

  write(frames: string): void {
    this.#outbox.add(frames);
  }

  send(stream: H2Stream): boolean {
    return this.#sender.send(stream);
  }

  wasReset(windowBytes: number): void {
    this.#guard.streamReset(windowBytes);
  }

  closed(stream: H2Stream): void {
    this.#streams.delete(stream.id);
    this.#sender.forget(stream);
    this.#closeIfDone();
  }

  /** Undefined if the stream has ended. @throws ConnectionError if it was never opened */
  #stream(id: number, windowBytes = 0): H2Stream | undefined {
    const stream = this.#streams.get(id);
    if (stream !== undefined) return stream;
    if (id % 2 === 0 || id >= this.#nextStreamId) {
      throw new ConnectionError('PROTOCOL_ERROR', 'a frame on a stream that was never opened');
    }
    this.#guard.late(windowBytes);
    return undefined;
  }

  /** Counts progress, unless the server does not read our answers, which would accumulate. */
  #progress(): void {
    if (!this.#outbox.congested) this.#guard.progress();
  }

  #retire(): void {
    if (this.#state.send('retire')) this.events.onRetired();
  }

  #closeIfDone(): void {
    if (this.#state.state !== 'retired' || this.#streams.size > 0) return;
    this.#leave(ErrorCode.NO_ERROR, '');
  }

  #break({ code, detail }: ConnectionError): void {
    this.#retire();
    this.#leave(ErrorCode[code], detail);
    this.#loseStreams(protocolFailure(code, detail));
  }

  #leave(code: number, detail: string): void {
    if (!this.#state.send('close')) return;
    this.#outbox.add(goAwayFrame(0, code, detail));
    this.#outbox.flush();
    this.#outbox.close();
    if (this.#outbox.congested) this.transport.destroy();
    else this.transport.end();
  }

  #loseStreams(failure: Failure | undefined): void {
    for (const stream of this.#streams.values()) stream.lost(failure);
  }
}
