import { formatDuration, isUnreached, timesParts } from '@drumline/model';
import type { ErrorDelta, IntervalDelta } from '@drumline/stats';

/** The run ends if no request has reached the target within this time. */
const PATIENCE_SECONDS = 10;

/**
 * Detects runs whose requests never reach the target. Stops watching after the first request that
 * does.
 */
export class TargetReach {
  private reached = false;
  private firstSecond: number | undefined;
  private readonly errors = new Map<string, ErrorDelta>();

  /** Stops watching. A resumed run was already judged by the previous master. */
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

  /** Why the run should end after this second, if it should. */
  reasonToEnd(second: number): string | undefined {
    if (this.reached || this.firstSecond === undefined) return undefined;
    if (second - this.firstSecond < PATIENCE_SECONDS) return undefined;
    const [worst] = [...this.errors.values()].sort((a, b) => b.occurrences - a.occurrences);
    const example = worst?.example === undefined ? '' : ` (for example: ${worst.example})`;
    return `No request reached the target within ${formatDuration(PATIENCE_SECONDS * 1_000)} of the first failure. All failed, most with '${worst?.error}'${example}. The run ends early. Check that the target is up and its address is correct. To continue anyway, pass --keep-going.`;
  }

  private note({ error, occurrences, ...seen }: ErrorDelta): void {
    const known = this.errors.get(error);
    this.errors.set(error, { ...seen, error, occurrences: occurrences + (known?.occurrences ?? 0) });
  }
}
