import type { StoreWriter } from '../store/store-writer.js';

/**
 * Measures how busy the master's two threads are.
 * @returns a function that returns the share of the time since its last call in which the busier
 * one was not idle
 */
export function busyProbe(writer: Pick<StoreWriter, 'takeBusy'>): () => number {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return Math.max(utilization, writer.takeBusy());
  };
}
