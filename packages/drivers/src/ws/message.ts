import { messageOf } from '@drumline/model';

/** A message as it came in, fragments joined and decompressed. Decoded when it is looked at. */
export class WsMessage {
  constructor(
    private readonly data: Buffer,
    /** Whether it was sent as binary; otherwise it is text. */
    readonly isBinary: boolean,
    /** When the last of it arrived, milliseconds on the lane's monotonic clock. */
    readonly receivedAtMs: number,
  ) {}

  bytes(): Uint8Array {
    return this.data;
  }

  /** As UTF-8, of a binary message too. */
  text(): string {
    return this.data.toString();
  }

  /** @throws SyntaxError that shows the message's beginning if it is not JSON */
  json<T = unknown>(): T {
    const text = this.text();
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      const beginning = JSON.stringify(text.slice(0, 60));
      throw new SyntaxError(`the message is not JSON (${messageOf(cause)}; it begins ${beginning})`, {
        cause,
      });
    }
  }
}

/** The message that `expect` or `request` waited for. */
export class WsAnswer extends WsMessage {
  #failed = false;

  constructor(
    message: WsMessage,
    /** What was counted as its response time. */
    readonly durationMs: number,
    private readonly onFail: (reason: string) => void,
  ) {
    super(message.bytes() as Buffer, message.isBinary, message.receivedAtMs);
  }

  /** Declares what was waited for failed, although the message came. The first reason counts. */
  fail(reason: string): void {
    if (this.#failed) return;
    this.#failed = true;
    this.onFail(reason);
  }
}
