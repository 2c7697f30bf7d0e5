/** PINGs that are not answered yet: RFC 9113, section 6.7. */
export class Pings {
  readonly #waiting: { readonly opaque: string; readonly onAck: () => void }[] = [];
  #count = 0;

  /** @returns the payload to send: eight bytes */
  add(onAck: () => void): string {
    const opaque = String(++this.#count).padStart(8, '0').slice(-8);
    this.#waiting.push({ opaque, onAck });
    return opaque;
  }

  /** @returns whether it answers our oldest PING */
  answered(opaque: string): boolean {
    if (this.#waiting[0]?.opaque !== opaque) return false;
    this.#waiting.shift()!.onAck();
    return true;
  }
}
