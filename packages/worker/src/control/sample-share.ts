import type { SampleOrder } from '../lane-protocol.js';

/** The order for one of several lanes that write to the same file: its part of the limit. */
export function shareOfSamples(order: SampleOrder | undefined, lanes: number): SampleOrder | undefined {
  return order && { ...order, limit: Math.ceil(order.limit / lanes) };
}
