import type { IntervalDelta } from './delta.js';

/** Approximate size of plain data in a message, in bytes. An upper bound in most cases. */
export function bytesOf(data: unknown): number {
  if (typeof data === 'string') return data.length + 3;
  if (typeof data !== 'object' || data === null) return 9;
  if (ArrayBuffer.isView(data)) return data.byteLength + 5;
  if (Array.isArray(data)) return data.reduce<number>((sum, item) => sum + bytesOf(item), 5);
  return Object.entries(data).reduce((sum, [name, value]) => sum + name.length + 1 + bytesOf(value), 3);
}

/** Two deltas that add up to the original. */
export interface CutDelta {
  readonly part: IntervalDelta;
  /** Undefined if `part` is the whole delta. */
  readonly rest?: IntervalDelta | undefined;
}

const LISTS = [
  'series',
  'checks',
  'metrics',
  'exceptions',
  'connections',
  'schedule',
  'failureSamples',
  'spans',
  'windows',
] as const;

/** Splits off about `maxBytes` of a delta, but at least one entry of its lists. */
export function cutDelta(delta: IntervalDelta, maxBytes: number): CutDelta {
  const part: IntervalDelta = { second: delta.second, series: [], checks: [], metrics: [], exceptions: [] };
  const rest: IntervalDelta = { ...part };
  // A sketch may be merged repeatedly, so only the first part has it.
  if (delta.unlisted) part.unlisted = delta.unlisted;
  if (delta.coarseLatency) part.coarseLatency = delta.coarseLatency;
  let roomBytes = maxBytes;
  let entries = 0;
  let isWhole = true;
  for (const list of LISTS) {
    const all: readonly object[] = delta[list] ?? [];
    let end = 0;
    while (end < all.length && isWhole) {
      roomBytes -= bytesOf(all[end]);
      if (roomBytes < 0 && entries > 0) isWhole = false;
      else {
        end += 1;
        entries += 1;
      }
    }
    if (all.length === 0) continue;
    Object.assign(part, { [list]: all.slice(0, end) });
    Object.assign(rest, { [list]: all.slice(end) });
  }
  return { part, rest: isWhole ? undefined : rest };
}
