import type { Millis } from './units.js';

/**
 * The delay that a share of the responses of a time exceeds because an event loop was late.
 * Responses arrive at any time. One that arrives while the loop is late waits for its rest, so a
 * delay counts with its length. A single delay of 6 ms in a second affects fewer than 1 %.
 * @param delaysMs in any order
 * @param elapsedMs in which they were measured
 */
export function delayOfShare(share: number, delaysMs: readonly Millis[], elapsedMs: Millis): Millis {
  const affectedMs = share * elapsedMs;
  const longestFirst = delaysMs.toSorted((a, b) => b - a);
  let sumMs = 0;
  for (const [index, delayMs] of longestFirst.entries()) {
    sumMs += delayMs;
    // Of the delays so far, the parts beyond this one last as long as the share.
    const beyondMs = (sumMs - affectedMs) / (index + 1);
    if (beyondMs >= (longestFirst[index + 1] ?? 0)) return beyondMs;
  }
  return 0;
}
