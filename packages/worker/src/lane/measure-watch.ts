import { clip } from '@drumline/model';
import type { RequestName } from '@drumline/scenario';

/** How often a name is checked before it counts as right. */
const LOOKS = 20;
/** How many names are checked: they may contain ids. */
const MAX_NAMES = 1_000;
/** Characters of a finding's subject. */
const MAX_SUBJECT = 256;

/**
 * Finds uses of `measure` around requests, which are counted by themselves already. Looks at the
 * first uses of each name only.
 */
export class MeasureWatch {
  private readonly looks = new Map<string, number>();

  /** @param tell gets a sentence on each name in a user type once */
  constructor(private readonly tell: (measure: string) => void) {}

  /** Whether a measure is to be watched. */
  wants({ protocol, name }: RequestName, user: string): boolean {
    const key = keyOf(protocol, name, user);
    const looked = this.looks.get(key) ?? 0;
    if (looked >= LOOKS || (looked === 0 && this.looks.size >= MAX_NAMES)) return false;
    this.looks.set(key, looked + 1);
    return true;
  }

  /** The user has made a request while the measure was open. */
  found(what: RequestName, user: string): void {
    const key = keyOf(what.protocol, what.name, user);
    if (this.looks.get(key) === Infinity) return;
    this.looks.set(key, Infinity);
    this.tell(clip(`measure('${what.protocol}', '${what.name}') of user type '${user}'`, MAX_SUBJECT));
  }
}

function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
