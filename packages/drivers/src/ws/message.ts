import { messageOf } from '@drumline/model';

/** A received message, with fragments joined and decompressed. Decoded on access. */
export class WsMessage {
  constructor(
    private readonly data: Buffer,
    /** Whether it was sent as binary; otherwise it is text. */
    readonly isBinary: boolean,
    /** When its last byte arrived, milliseconds on the lane's monotonic clock. */
    readonly receivedAtMs: number,
  ) {}

  /** The content as bytes. */
  bytes(): Uint8Array {
    return this.data;
  }

  /** As UTF-8, even if the message is binary. */
  text(): string {
    return this.data.toString();
  }

  /** @throws SyntaxError that shows the beginning of the message if it is not JSON */
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
    /** The response time that was counted. */
    readonly durationMs: number,
    private readonly onFail: (reason: string) => void,
  ) {
    super(message.bytes() as Buffer, message.isBinary, message.receivedAtMs);
  }

  /** Marks the wait as failed although the message arrived. The first reason is kept. */
  fail(reason: string): void {
    if (this.#failed) return;
    this.#failed = true;
    this.onFail(reason);
  }
}
