import type { Drop } from './port-order.js';

/** Minimum interval of reports, so that a flood of frames does not become a flood of reports. */
const REPORT_EVERY_MS = 100;

/** Counts dropped messages, and reports them together. */
export class Drops {
  private readonly counts = new Map<string, { drop: Omit<Drop, 'count'>; count: number }>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly report: (drop: Drop) => void) {}

  add(kind: Drop['kind'], why: string): void {
    const key = `${kind} ${why}`;
    const known = this.counts.get(key);
    if (known) known.count += 1;
    else this.counts.set(key, { drop: { kind, why }, count: 1 });
    this.timer ??= setTimeout(() => this.reportAll(), REPORT_EVERY_MS);
  }

  private reportAll(): void {
    this.timer = undefined;
    for (const { drop, count } of this.counts.values()) this.report({ ...drop, count });
    this.counts.clear();
  }
}
