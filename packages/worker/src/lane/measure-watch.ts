import { clip } from '@drumline/model';
import type { RequestName } from '@drumline/scenario';

/** How many uses of a name are checked. */
const LOOKS = 20;
/** How many names are checked. Names may contain IDs. */
const MAX_NAMES = 1_000;
/** Maximum length of a finding's subject, characters. */
const MAX_SUBJECT = 256;

/**
 * Finds uses of `measure` around requests, which are counted already. Checks only the first uses of
 * each name.
 */
export class MeasureWatch {
  private readonly looks = new Map<string, number>();

  /** @param tell called once for each name in a user type */
  constructor(private readonly tell: (measure: string) => void) {}

  /** Whether to watch a measure. */
  wants({ protocol, name }: RequestName, user: string): boolean {
    const key = keyOf(protocol, name, user);
    const looked = this.looks.get(key) ?? 0;
    if (looked >= LOOKS || (looked === 0 && this.looks.size >= MAX_NAMES)) return false;
    this.looks.set(key, looked + 1);
    return true;
  }

  /** Records that the user made a request while the measure was open. */
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
