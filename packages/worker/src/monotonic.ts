// Not the global one, whose getter costs each reading as much again.
import { performance } from 'node:perf_hooks';
import type { Millis } from '@drumline/model';

/** `performance.now()` counts from the start of the process; this is what it counts in, for the whole machine. */
const ZERO_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** The machine's monotonic clock, the same in every process: milliseconds with fractions, no relation to the date. */
export function monotonicMs(): Millis {
  return ZERO_MS + performance.now();
}
