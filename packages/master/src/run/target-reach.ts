import { formatDuration, isUnreached, timesParts } from '@drumline/model';
import type { ErrorDelta, IntervalDelta } from '@drumline/stats';

/** The run is ended if no request has reached the target within this time. */
const PATIENCE_SECONDS = 10;

/**
 * Watches whether any request of a run has ever reached its target. The first one that did ends the
 * watch.
 */
export class TargetReach {
  private reached = false;
  private firstSecond: number | undefined;
  private readonly errors = new Map<string, ErrorDelta>();

  /** Ends the watch for a resumed run: the master before has judged it. */
  trust(): void {
    this.reached = true;
  }

  add({ second, series }: IntervalDelta): void {
    if (this.reached) return;
    for (const { key, requests, failures, interrupted, errors } of series) {
      if (timesParts(key)) continue;
      if (requests - interrupted > failures || errors.some(({ error }) => !isUnreached(error))) {
        this.reached = true;
        this.errors.clear();
        return;
      }
      if (failures === 0) continue;
      this.firstSecond = Math.min(this.firstSecond ?? second, second);
      for (const error of errors) this.note(error);
    }
  }

  /** Why the run should end, if it should by the end of this second. */
  whyHopeless(second: number): string | undefined {
    if (this.reached || this.firstSecond === undefined) return undefined;
    if (second - this.firstSecond < PATIENCE_SECONDS) return undefined;
    const [worst] = [...this.errors.values()].sort((a, b) => b.occurrences - a.occurrences);
    const example = worst?.example === undefined ? '' : ` (for example: ${worst.example})`;
    return `No request reached the target within ${formatDuration(PATIENCE_SECONDS * 1_000)} of the first one: all failed, most with '${worst?.error}'${example}. The run ends early. Check that the target is up, and its address; with --keep-going such a run goes on.`;
  }

  private note({ error, occurrences, ...seen }: ErrorDelta): void {
    const known = this.errors.get(error);
    this.errors.set(error, { ...seen, error, occurrences: occurrences + (known?.occurrences ?? 0) });
  }
}
