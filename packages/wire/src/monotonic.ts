// Imported, because the getter of the global one doubles the cost of a reading.
import { performance } from 'node:perf_hooks';
import type { Millis } from '@drumline/model';

/** The origin of `performance.now()` on the monotonic clock of the machine. */
const ZERO_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/**
 * The monotonic clock of the machine, in milliseconds with fractions. All processes since boot
 * share it, so a master can resume the run of another, and lanes share the clock of their worker.
 */
export function monotonicMs(): Millis {
  return ZERO_MS + performance.now();
}
