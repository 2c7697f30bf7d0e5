/** Pings that we have sent and that are not answered yet: RFC 9113, section 6.7. */
export class Pings {
  readonly #waiting: { readonly opaque: string; readonly onAck: () => void }[] = [];
  #count = 0;

  /** @returns what to send: eight bytes */
  add(onAck: () => void): string {
    const opaque = String(++this.#count).padStart(8, '0').slice(-8);
    this.#waiting.push({ opaque, onAck });
    return opaque;
  }

  /** @returns whether it was one of ours, the oldest */
  answered(opaque: string): boolean {
    if (this.#waiting[0]?.opaque !== opaque) return false;
    this.#waiting.shift()!.onAck();
    return true;
  }
}
