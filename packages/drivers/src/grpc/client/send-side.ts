import type { GrpcCall } from '../contract.js';

/** Sends the messages of a call, with back-pressure: a slow peer makes the sender wait. */
export class SendSide {
  readonly #call: Pick<GrpcCall, 'send' | 'endSend'>;
  #room: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #closed = false;

  constructor(call: Pick<GrpcCall, 'send' | 'endSend'>) {
    this.#call = call;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** @returns a promise for when the next message may follow; undefined if at once */
  send(message: Uint8Array): Promise<void> | undefined {
    if (this.#closed || this.#call.send(message)) return undefined;
    return (this.#room ??= new Promise((resolve) => (this.#wake = resolve)));
  }

  end(): void {
    if (!this.#closed) this.#call.endSend();
  }

  drained(): void {
    this.#room = undefined;
    this.#wake?.();
  }

  /** The call has ended: nothing more is sent, and pending waits resolve. */
  close(): void {
    this.#closed = true;
    this.drained();
  }
}
