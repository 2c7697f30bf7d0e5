import { formatDuration, type Millis } from '@drumline/model';
import type { Log } from './log.js';

/** At most one line of a kind is logged in this time. */
const EVERY_MS: Millis = 10_000;

/** Lines of a kind since the last one was logged. */
interface Held {
  /** Lines logged in this period. */
  said: number;
  count: number;
  last: string;
  readonly timer: NodeJS.Timeout;
}

/**
 * Logs events that others can cause at any rate. The first line of each kind is logged at once;
 * then at most one every ten seconds, with a count. The set of kinds must be fixed: it must not
 * depend on input from peers.
 */
export class RateLimitedLog {
  private readonly held = new Map<string, Held>();

  constructor(private readonly log: Log) {}

  /**
   * @param burst how many lines of the kind are logged at once before the rest is held back
   * @param count how many events of the kind this line stands for
   */
  line(kind: string, line: string, burst = 1, count = 1): void {
    const held = this.held.get(kind) ?? this.hold(kind);
    const isLogged = held.said < burst;
    if (isLogged) {
      held.said += 1;
      this.log(line);
    }
    held.count += isLogged ? count - 1 : count;
    if (held.count > 0) held.last = line;
  }

  /** Logs the lines that are still held back. */
  close(): void {
    for (const [kind, { timer }] of this.held) {
      clearTimeout(timer);
      this.release(kind);
    }
  }

  private hold(kind: string): Held {
    const timer = setTimeout(() => {
      // The line just logged counts for the period that begins.
      if (this.release(kind)) this.hold(kind).said = Infinity;
    }, EVERY_MS).unref();
    const held = { said: 0, count: 0, last: '', timer };
    this.held.set(kind, held);
    return held;
  }

  /** @returns whether a line was logged */
  private release(kind: string): boolean {
    const { count, last } = this.held.get(kind)!;
    this.held.delete(kind);
    if (count > 0)
      this.log(count === 1 ? last : `${last} (${count} like this in ${formatDuration(EVERY_MS)})`);
    return count > 0;
  }
}
