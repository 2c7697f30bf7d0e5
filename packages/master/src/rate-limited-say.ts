import { formatDuration, type Millis } from '@drumline/model';
import type { Say } from './options.js';

/** A line of the same kind is said at most this often. */
const EVERY_MS: Millis = 10_000;

/** Lines of a kind since the last one was said. */
interface Held {
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

  line(kind: string, line: string): void {
    const held = this.held.get(kind);
    if (!held) {
      this.say(line);
      return this.hold(kind);
    }
    held.count += 1;
    held.last = line;
  }

  /** Says what is still held. */
  close(): void {
    for (const [kind, { timer }] of this.held) {
      clearTimeout(timer);
      this.release(kind);
    }
  }

  private hold(kind: string): void {
    const timer = setTimeout(() => {
      if (this.release(kind)) this.hold(kind);
    }, EVERY_MS).unref();
    this.held.set(kind, { count: 0, last: '', timer });
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
