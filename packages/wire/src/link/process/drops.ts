import type { Drop } from './port-order.js';

/** Told so often at most, so that a flood of what is dropped does not become a flood of records. */
const TELL_EVERY_MS = 100;

/** Counts dropped messages, and reports them together. */
export class Drops {
  private readonly counts = new Map<string, { drop: Omit<Drop, 'count'>; count: number }>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly tell: (drop: Drop) => void) {}

  add(kind: Drop['kind'], why: string): void {
    const key = `${kind} ${why}`;
    const known = this.counts.get(key);
    if (known) known.count += 1;
    else this.counts.set(key, { drop: { kind, why }, count: 1 });
    this.timer ??= setTimeout(() => this.tellAll(), TELL_EVERY_MS);
  }

  private tellAll(): void {
    this.timer = undefined;
    for (const { drop, count } of this.counts.values()) this.tell({ ...drop, count });
    this.counts.clear();
  }
}
