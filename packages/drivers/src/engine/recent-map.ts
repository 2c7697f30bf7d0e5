/** A map that keeps recently used entries: at least `size` of them, at most twice as many. */
export class RecentMap<K, V> {
  #recent = new Map<K, V>();
  #older = new Map<K, V>();

  constructor(private readonly size: number) {}

  get(key: K): V | undefined {
    const recent = this.#recent.get(key);
    if (recent !== undefined) return recent;
    const older = this.#older.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: K, value: V): void {
    if (this.#recent.size >= this.size) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(key, value);
  }
}
