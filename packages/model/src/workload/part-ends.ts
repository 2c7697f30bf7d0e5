import type { Millis } from '../units.js';
import { partEndMs, type Load, type LoadPart } from './workload.js';

/**
 * The load after all iterations of a part with a fixed number of them have run. The part then has a
 * known end.
 * @returns the same load if it has ended already
 */
export function endFixedPart(load: Load, index: number, runMs: Millis): Load {
  const part = load.parts[index]!;
  const { workload, startMs } = part;
  if (workload.kind !== 'fixed' || startMs === null) return load;
  const limitMs = Math.max(0, runMs - startMs);
  if (workload.limitMs !== null && workload.limitMs <= limitMs) return load;
  return withPart(load, index, { ...part, workload: { ...workload, limitMs } });
}

/**
 * Starts the parts that waited for the end of others.
 * @param leadMs how far ahead they start, so that all lanes know of it by then
 * @returns the same load if there are none
 */
export function startFollowers(load: Load, runMs: Millis, leadMs: Millis): Load {
  const hasEnded = (index: number): boolean => (partEndMs(load.parts[index]!) ?? Infinity) <= runMs;
  return load.parts.reduce((next, part, index) => {
    const { follows, ...rest } = part;
    if (part.startMs !== null || !follows?.every(hasEnded)) return next;
    return withPart(next, index, { ...rest, startMs: runMs + leadMs });
  }, load);
}

function withPart(load: Load, index: number, part: LoadPart): Load {
  return { ...load, parts: load.parts.map((one, at) => (at === index ? part : one)) };
}
