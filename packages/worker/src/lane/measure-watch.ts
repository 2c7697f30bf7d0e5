import { clip } from '@drumline/model';
import type { RequestName } from '@drumline/scenario';

/** How many uses of a name are checked. */
const CHECKED_USES = 20;
/** How many names are checked. Names may contain IDs. */
const MAX_NAMES = 1_000;
/** Maximum length of a finding's subject, characters. */
const MAX_SUBJECT = 256;

/**
 * Finds uses of `measure` around requests, which are counted already. Checks only the first uses of
 * each name.
 */
export class MeasureWatch {
  private readonly uses = new Map<string, number>();

  /** @param report called once for each name in a user type */
  constructor(private readonly report: (measure: string) => void) {}

  /** Whether to watch a measure. */
  wants({ protocol, name }: RequestName, user: string): boolean {
    const key = keyOf(protocol, name, user);
    const checked = this.uses.get(key) ?? 0;
    if (checked >= CHECKED_USES || (checked === 0 && this.uses.size >= MAX_NAMES)) return false;
    this.uses.set(key, checked + 1);
    return true;
  }

  /** Records that the user made a request while the measure was open. */
  found(what: RequestName, user: string): void {
    const key = keyOf(what.protocol, what.name, user);
    if (this.uses.get(key) === Infinity) return;
    this.uses.set(key, Infinity);
    this.report(clip(`measure('${what.protocol}', '${what.name}') of user type '${user}'`, MAX_SUBJECT));
  }
}

function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
