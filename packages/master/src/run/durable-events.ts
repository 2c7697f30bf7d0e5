/** Events that wait for the store at most. A store that hangs must not hold them back for long. */
const MOST_WAITING = 60;

/**
 * Passes on what happens in a run once another master would know it. So outputs never hold anything
 * that the run file lacks. Keeps the order.
 */
export class DurableEvents {
  private readonly waiting: (() => void)[] = [];
  private pushed = 0;
  private released = 0;

  /** @param saved resolves when everything so far is stored; undefined if nothing is stored now */
  constructor(private readonly saved: () => Promise<void> | undefined) {}

  /** @param pass passes an event on that must be stored first */
  push(pass: () => void): void {
    const saved = this.saved();
    if (saved === undefined) this.release(this.pushed);
    this.waiting.push(pass);
    const upTo = ++this.pushed;
    if (saved === undefined) return this.release(upTo);
    void saved.then(() => this.release(upTo));
    if (this.waiting.length > MOST_WAITING) this.release(this.released + 1);
  }

  /** @param pass passes on an event that outputs may show before it is stored */
  pushUnstored(pass: () => void): void {
    if (this.waiting.length === 0) return pass();
    this.waiting.push(pass);
    this.pushed += 1;
  }

  /** Passes on everything, once it is stored. */
  async flush(): Promise<void> {
    await this.saved();
    this.release(this.pushed);
  }

  private release(upTo: number): void {
    while (this.released < upTo) {
      this.released += 1;
      this.waiting.shift()!();
    }
  }
}
