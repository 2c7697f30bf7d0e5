import type { WsAnswer, WsMessage } from './message.js';
import type { MessageTest, WaitOptions, WsData } from './options.js';

/**
 * An open WebSocket (RFC 6455) of one user.
 *
 * `expect`, `request`, `ping` and `close` give one sample each, passed or failed. A failed one
 * rejects with a `WsError`, unlike an HTTP request, because a conversation cannot continue without
 * its message. The lane does not count that error again as an exception. On a connection that has
 * ended, these methods and `send` throw an Error and count nothing.
 * @throws InterruptedError from every method when the run has stopped the user
 */
export interface WsConnection extends AsyncIterable<WsMessage> {
  /** The URL of the connection. */
  readonly url: string;
  /** The subprotocol chosen by the server; empty if none was offered. */
  readonly protocol: string;
  /** Id of the trace that was sent with the handshake, if `tracing` chose it. */
  readonly traceId: string | undefined;
  /** Whether either side has started to close it, or it was lost. */
  readonly closed: boolean;
  /**
   * The close code (RFC 6455, 7.4.1); 1006 if the connection was lost, undefined while it is open.
   */
  readonly closeCode: number | undefined;
  /** The close reason from the server; empty without one. */
  readonly closeReason: string;
  /** Bytes sent by the user that the network has not yet accepted. */
  readonly bufferedBytes: number;
  /** Messages dropped because the queue was full. */
  readonly dropped: number;

  /**
   * Sends a message without waiting.
   * @throws TypeError if JSON cannot represent it
   */
  send(data: WsData): void;

  /**
   * Waits for a message that matches, by default any. Queued messages are checked first; those that
   * do not match stay queued.
   *
   * Counted as `EXPECT`, from the call to the arrival: the time the user had to wait, 0 if the
   * message was queued. To measure the response time of the target, use `request`.
   */
  expect(fits?: MessageTest, options?: WaitOptions): Promise<WsAnswer>;

  /**
   * Sends a message and waits for a matching one that arrives afterwards. Counted as `REQUEST`,
   * from sending to arrival.
   */
  request(data: WsData, fits?: MessageTest, options?: WaitOptions): Promise<WsAnswer>;

  /** Counted as `PING`, from the ping to its pong. @returns milliseconds */
  ping(options?: WaitOptions): Promise<number>;

  /**
   * Closes the connection cleanly. Resolves when the server has answered and the connection has
   * ended, or at once if it has ended already. Counted as `CLOSE`, from the call to the end.
   * @param code 1000 (the default), or 3000 to 4999
   * @throws TypeError if the code or the reason cannot be sent
   */
  close(code?: number, reason?: string, options?: WaitOptions): Promise<void>;

  /**
   * The messages in order, until the connection ends. Each message goes to one receiver only.
   * Counts no samples.
   */
  [Symbol.asyncIterator](): AsyncIterator<WsMessage, undefined>;
}
