import type { WsAnswer, WsMessage } from './message.js';
import type { MessageTest, WaitOptions, WsData } from './options.js';

/**
 * An open WebSocket (RFC 6455) of one user.
 *
 * `expect`, `request`, `ping` and `close` give one sample each, whatever comes of them. Unlike a
 * request over HTTP, one of them that fails rejects, as without its message a conversation cannot
 * go on: with a `WsError`, which a lane does not count a second time as an exception. On a
 * connection that has ended they and `send` throw an Error and count nothing.
 * @throws InterruptedError from every method when the run has stopped the user
 */
export interface WsConnection extends AsyncIterable<WsMessage> {
  readonly url: string;
  /** The subprotocol that the server chose; empty if none was offered. */
  readonly protocol: string;
  /** Whether either side has begun to close it, or it was lost. */
  readonly closed: boolean;
  /**
   * The status code it was closed with (RFC 6455, 7.4.1), 1006 if it was lost; undefined before.
   */
  readonly closeCode: number | undefined;
  /** The reason the server gave; empty without one. */
  readonly closeReason: string;
  /** Bytes that were sent but are still in this process, as the network is slower. */
  readonly bufferedBytes: number;
  /** Messages that nobody had taken when the backlog was full. */
  readonly dropped: number;

  /** Sends a message, and waits for nothing. @throws TypeError if JSON cannot write it */
  send(data: WsData): void;

  /**
   * Waits for a message that fits, the first by default. Messages that have arrived and were not
   * yet taken are looked at first; those passed over stay for others. Counted as `EXPECT` from the
   * call to the arrival: how long the user had to wait, 0 if the message was there. For how long
   * the target takes to answer use `request`.
   */
  expect(fits?: MessageTest, options?: WaitOptions): Promise<WsAnswer>;

  /**
   * Sends a message and waits for one that fits and that arrives afterwards. Counted as `REQUEST`
   * from the sending to the arrival.
   */
  request(data: WsData, fits?: MessageTest, options?: WaitOptions): Promise<WsAnswer>;

  /** Counted as `PING` from the ping to its pong. @returns milliseconds */
  ping(options?: WaitOptions): Promise<number>;

  /**
   * Closes it in good order; resolves when the server has answered and the connection has ended.
   * Counted as `CLOSE` from the call to then. Resolves at once if it has ended already.
   * @param code 1000 (the default), or 3000 to 4999
   * @throws TypeError if the code or the reason cannot be sent
   */
  close(code?: number, reason?: string, options?: WaitOptions): Promise<void>;

  /**
   * The messages in order, until the connection ends; a message goes to one taker only. Counts no
   * samples.
   */
  [Symbol.asyncIterator](): AsyncIterator<WsMessage, undefined>;
}
