/** Overhead of an entry in addition to its name and value: RFC 7541, section 4.1. */
export const ENTRY_OVERHEAD_BYTES = 32;

/** Previously sent headers, newest first: RFC 7541, section 2.3.2. */
export class DynamicTable {
  readonly #entries: (readonly [name: string, value: string])[] = [];
  #bytes = 0;
  #capacityBytes: number;

  constructor(capacityBytes: number) {
    this.#capacityBytes = capacityBytes;
  }

  get capacityBytes(): number {
    return this.#capacityBytes;
  }

  resize(capacityBytes: number): void {
    this.#capacityBytes = capacityBytes;
    this.#makeRoom(0);
  }

  /** @param index 0 for the newest */
  at(index: number): readonly [name: string, value: string] | undefined {
    return this.#entries[index];
  }

  /** An entry that is larger than the table empties it: RFC 7541, section 4.4. */
  insert(name: string, value: string): void {
    const bytes = name.length + value.length + ENTRY_OVERHEAD_BYTES;
    this.#makeRoom(bytes);
    if (bytes > this.#capacityBytes) return;
    this.#entries.unshift([name, value]);
    this.#bytes += bytes;
  }

  #makeRoom(bytes: number): void {
    while (this.#bytes + bytes > this.#capacityBytes && this.#entries.length > 0) {
      const [name, value] = this.#entries.pop()!;
      this.#bytes -= name.length + value.length + ENTRY_OVERHEAD_BYTES;
    }
  }
}
