const EVERY_MS = 100;
/** Lines of one message: at most 100 lines a second. */
const MOST_LINES = 10;
const MOST_CHARS = 2_000;

/**
 * Sends lines of a log ten times a second. A scenario that prints without end must not keep the
 * program busy that receives the lines, so what exceeds the limit is only counted.
 */
export class LogLines {
  #lines: string[] = [];
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly send: (lines: readonly string[]) => void) {}

  add(line: string): void {
    if (this.#lines.length < MOST_LINES) this.#lines.push(line.slice(0, MOST_CHARS));
    else this.#dropped += 1;
    this.#timer ??= setTimeout(() => this.flush(), EVERY_MS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#lines;
    if (this.#dropped > 0) lines.push(`(${this.#dropped} more lines)`);
    this.#lines = [];
    this.#dropped = 0;
    if (lines.length > 0) this.send(lines);
  }
}
