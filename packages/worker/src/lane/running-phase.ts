import { AsyncLocalStorage } from 'node:async_hooks';
import { tagSuffix } from '@drumline/stats';

/**
 * Tracks the phase of the load to which running user code belongs. Metrics need it, because any
 * user can add a value to a metric.
 */
export class RunningPhase {
  private readonly phases = new AsyncLocalStorage<string>();
  private isTracked = false;

  /** Starts tracking. Not done without need, because it slows down every promise. */
  track(): void {
    this.isTracked = true;
  }

  /** Runs code of a user of this phase, and everything that follows from it. */
  enter<T>(phase: string | undefined, code: () => T): T {
    return this.isTracked && phase !== undefined ? this.phases.run(phase, code) : code();
  }

  /** Undefined outside of phases. */
  get name(): string | undefined {
    return this.isTracked ? this.phases.getStore() : undefined;
  }
}

/** The suffixes of phases without other tags, which most checks and values have. */
const suffixOf = new Map<string, string>();

/** The tags of a check or a value: the phase and those given, as a suffix of the name. */
export function phaseSuffix(
  phase: string | undefined,
  tags: Readonly<Record<string, string>> | undefined,
): string {
  if (phase === undefined) return tags === undefined ? '' : tagSuffix(tags);
  if (tags !== undefined) return tagSuffix({ phase, ...tags });
  let suffix = suffixOf.get(phase);
  if (suffix === undefined) suffixOf.set(phase, (suffix = tagSuffix({ phase })));
  return suffix;
}
