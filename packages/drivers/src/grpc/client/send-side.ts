import type { GrpcCall } from '../contract.js';

/** The messages to the server: a peer that reads slowly makes the sender wait. */
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

  /** @returns when the next one may follow; undefined: at once */
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

  /** The call has ended: nothing more is sent, and nobody waits. */
  close(): void {
    this.#closed = true;
    this.drained();
  }
}
