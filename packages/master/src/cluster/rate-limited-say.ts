import { formatDuration, type Millis } from '@drumline/model';
import type { Say } from '../options.js';

/** A line of the same kind is said at most this often. */
const EVERY_MS: Millis = 10_000;

/** Lines of a kind since the last one was said. */
interface Held {
  /** Said in this time already. */
  said: number;
  count: number;
  last: string;
  readonly timer: NodeJS.Timeout;
}

/**
 * Says what others can cause as often as they like: the first line of each kind at once, then at most one every ten seconds, with how
 * many there were. Kinds must be few, and none of them of a stranger's choosing.
 */
export class RateLimitedSay {
  private readonly held = new Map<string, Held>();

  constructor(private readonly say: Say) {}

  /**
   * @param burst how many lines of the kind are printed at once before the rest is held back
   * @param count how many events of the kind this line stands for
   */
  line(kind: string, line: string, burst = 1, count = 1): void {
    const held = this.held.get(kind) ?? this.hold(kind);
    const isSaid = held.said < burst;
    if (isSaid) {
      held.said += 1;
      this.say(line);
    }
    held.count += isSaid ? count - 1 : count;
    if (held.count > 0) held.last = line;
  }

  /** Says what is still held. */
  close(): void {
    for (const [kind, { timer }] of this.held) {
      clearTimeout(timer);
      this.release(kind);
    }
  }

  private hold(kind: string): Held {
    const timer = setTimeout(() => {
      // What was said just now counts for the time that begins.
      if (this.release(kind)) this.hold(kind).said = Infinity;
    }, EVERY_MS).unref();
    const held = { said: 0, count: 0, last: '', timer };
    this.held.set(kind, held);
    return held;
  }

  /** @returns whether there was anything to say */
  private release(kind: string): boolean {
    const { count, last } = this.held.get(kind)!;
    this.held.delete(kind);
    if (count > 0)
      this.say(count === 1 ? last : `${last} (${count} like this in ${formatDuration(EVERY_MS)})`);
    return count > 0;
  }
}
