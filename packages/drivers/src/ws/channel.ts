import type { WebSocket } from 'ws';
import { refuse } from '../calls/interrupted.js';
import { encodeData, type ByteMeter } from './bytes.js';
import type { WsConnection } from './connection.js';
import { waitEvidence, type FailedWait } from './evidence.js';
import { closedWith, frameFailure, isLoss } from './failure.js';
import { Inbox, type Taker } from './inbox.js';
import { anyMessage, CarefulTest } from './matching.js';
import { WsAnswer, WsMessage } from './message.js';
import type { MessageTest, WaitOptions, WsData } from './options.js';
import { PendingWaits, type Counting } from './pending-waits.js';
import { MessageReader } from './reader.js';
import type { CountedWait } from './wait.js';

export interface ChannelParts extends Counting {
  /** Why calls are rejected at present, for example because the run has stopped the user. */
  readonly refusal: () => Error | undefined;
  /** Of the handshake. */
  readonly traceId: string | undefined;
  /** The largest number of queued messages. */
  readonly backlog: number;
  /** Limit for one message, and for all queued messages together; 0 for no limit. */
  readonly maxBodyBytes: number;
}

/** "Going away" (RFC 6455, 7.4.1). */
const GOING_AWAY = 1001;
/** The connection was lost without a close (RFC 6455, 7.4.1). */
const NO_CLOSE = 1006;
/** How long a server may take to answer the close of a leaving user, milliseconds. */
const LEAVE_GRACE_MS = 1_000;

/** A connection over the `ws` library: its pending waits, its samples and its end. */
export class Channel implements WsConnection {
  closeCode: number | undefined;
  closeReason = '';
  readonly #ended: Promise<void>;
  readonly #inbox: Inbox;
  readonly #reader: MessageReader;
  readonly #waits: PendingWaits;
  readonly #pings = new Map<string, CountedWait<number>>();
  #pingCount = 0;
  #closing: CountedWait<void> | undefined;
  /** Why the connection had to be closed. */
  #fault: string | undefined;
  /** The user ended the connection, so it is not a loss. */
  #leaving = false;

  constructor(
    private readonly socket: WebSocket,
    meter: ByteMeter,
    private readonly parts: ChannelParts,
  ) {
    this.#waits = new PendingWaits(parts, meter);
    this.#inbox = new Inbox(parts.backlog, parts.maxBodyBytes);
    this.#reader = new MessageReader(this.#inbox);
    socket.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary));
    socket.on('pong', (data) => this.#receivePong(data.toString()));
    socket.on('error', (error) => {
      this.#fault ??= frameFailure(error, parts.maxBodyBytes);
      socket.terminate();
    });
    this.#ended = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        this.#end(code, reason.toString());
        resolve();
      });
    });
  }

  get url(): string {
    return this.socket.url;
  }

  get traceId(): string | undefined {
    return this.parts.traceId;
  }

  get protocol(): string {
    return this.socket.protocol;
  }

  get closed(): boolean {
    return this.socket.readyState !== this.socket.OPEN;
  }

  get bufferedBytes(): number {
    return this.socket.bufferedAmount;
  }

  get dropped(): number {
    return this.#inbox.dropped;
  }

  send(data: WsData): void {
    const refusal = this.parts.refusal();
    if (refusal !== undefined) throw refusal;
    this.#refuseClosed();
    this.#put(encodeData(data));
    this.#waits.countIdleBytes();
  }

  async expect(fits: MessageTest = anyMessage, options: WaitOptions = {}): Promise<WsAnswer> {
    const refusal = this.parts.refusal();
    if (refusal !== undefined) return await refuse(refusal);
    const test = new CarefulTest(fits);
    const message = this.#inbox.takeNow(test.fits);
    if (message === undefined && this.closeCode !== undefined) this.#refuseClosed();
    const wait = this.#begin<WsAnswer>('EXPECT', options, { test });
    if (message === undefined) this.#awaitMessage(wait, test);
    else this.#answer(wait, message);
    return await wait.done;
  }

  async request(data: WsData, fits: MessageTest = anyMessage, options: WaitOptions = {}): Promise<WsAnswer> {
    const refusal = this.parts.refusal();
    if (refusal !== undefined) return await refuse(refusal);
    this.#refuseClosed();
    const encoded = encodeData(data);
    const test = new CarefulTest(fits);
    const wait = this.#begin<WsAnswer>('REQUEST', options, { test, sent: encoded });
    this.#awaitMessage(wait, test);
    this.#put(encoded);
    return await wait.done;
  }

  async ping(options: WaitOptions = {}): Promise<number> {
    const refusal = this.parts.refusal();
    if (refusal !== undefined) return await refuse(refusal);
    this.#refuseClosed();
    const wait = this.#begin<number>('PING', options);
    const payload = String((this.#pingCount += 1));
    this.#pings.set(payload, wait);
    wait.atEnd(() => this.#pings.delete(payload));
    wait.limit('no pong');
    this.socket.ping(payload);
    return await wait.done;
  }

  async close(code = 1000, reason = '', options: WaitOptions = {}): Promise<void> {
    const refusal = this.parts.refusal();
    if (refusal !== undefined) return await refuse(refusal);
    if (this.closed) return await this.#ended;
    const wait = this.#begin<void>('CLOSE', options);
    try {
      this.socket.close(code, reason);
      this.#leaving = true;
      this.#closing = wait;
      wait.limit('no closing handshake', (failure) => {
        wait.fail(failure);
        this.socket.terminate();
      });
    } catch (error) {
      wait.forget(error);
    }
    return await wait.done;
  }

  [Symbol.asyncIterator](): AsyncIterator<WsMessage, undefined> {
    return { next: () => this.#reader.next() };
  }

  /** Cancels all pending waits. The connection stays open until `leave`. */
  interrupt(): void {
    this.#leaving = true;
    this.#waits.interruptAll();
    this.#reader.interrupt();
  }

  /** Closes cleanly. Resolves when the socket is closed, after a second at the latest. */
  async leave(): Promise<void> {
    this.#leaving = true;
    if (this.closeCode !== undefined) return;
    const timer = setTimeout(() => this.socket.terminate(), LEAVE_GRACE_MS);
    this.socket.close(GOING_AWAY);
    await this.#ended;
    clearTimeout(timer);
  }

  #refuseClosed(): void {
    if (!this.closed) return;
    const how = this.closeCode === undefined ? 'the connection is being closed' : closedWith(this.closeCode);
    throw new Error(`${this.parts.connectSeries.name}: ${how}; check \`closed\` and connect again`);
  }

  #begin<T>(method: string, options: WaitOptions, about?: Pick<FailedWait, 'test' | 'sent'>): CountedWait<T> {
    const wait = this.#waits.begin<T>(method, options);
    wait.evidence = () =>
      waitEvidence({
        method,
        url: this.url,
        closeCode: this.closeCode,
        closeReason: this.closeReason,
        ...about,
      });
    return wait;
  }

  #awaitMessage(wait: CountedWait<WsAnswer>, test: CarefulTest): void {
    const taker: Taker = { fits: test.fits, take: (message) => this.#answer(wait, message) };
    this.#inbox.wait(taker);
    wait.atEnd(() => this.#inbox.leave(taker));
    wait.limit('no matching message', (failure) => wait.fail(failure, test.mistake));
  }

  #answer(wait: CountedWait<WsAnswer>, message: WsMessage): void {
    const { receivedAtMs } = message;
    const onFail = (reason: string): void => this.parts.sink.onLateFailure(wait.series, reason);
    wait.pass(new WsAnswer(message, wait.durationMs(receivedAtMs), onFail), receivedAtMs);
  }

  #put(data: string | Uint8Array): void {
    this.socket.send(data);
    this.parts.sink.onMessage('sent', data, typeof data !== 'string', this.parts.connectSeries);
  }

  #receive(data: Buffer, isBinary: boolean): void {
    const message = new WsMessage(data, isBinary, this.parts.now());
    this.parts.sink.onMessage('received', data, isBinary, this.parts.connectSeries);
    this.#inbox.deliver(message);
    if (this.#waits.size === 0) this.#waits.countIdleBytes();
  }

  #receivePong(payload: string): void {
    const wait = this.#pings.get(payload);
    if (wait === undefined) return;
    const nowMs = this.parts.now();
    wait.pass(wait.durationMs(nowMs), nowMs);
  }

  #end(code: number, reason: string): void {
    this.closeCode = code;
    this.closeReason = reason;
    const why = this.#fault ?? closedWith(code);
    const inOrder = this.#fault === undefined && !isLoss(code);
    const isMissed = this.#waits.size > 0;
    if (code !== NO_CLOSE) this.#waits.closed(code);
    if (inOrder) this.#closing?.pass(undefined, this.parts.now());
    this.#waits.failAll(why);
    this.#reader.end();
    if (!inOrder && !isMissed && !this.#leaving) {
      this.parts.sink.onLateFailure(this.parts.connectSeries, why);
    }
    this.#waits.countIdleBytes();
  }
}
