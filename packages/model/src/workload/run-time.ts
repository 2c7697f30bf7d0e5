import { limitRunTime } from '../load.js';
import type { Millis } from '../units.js';
import { limitRateTime } from './rate-profile.js';
import { isOpen, workloadDurationMs, type Load, type LoadPart, type Workload } from './workload.js';

/**
 * The load, ending at `runTimeMs`. Longer parts are cut, and parts that would start later are
 * removed.
 * @param extended indexes of the parts that, if they are shorter, hold their last number of users
 * or rate until then; a replayed file ends with its last line
 */
export function limitLoad({ parts }: Load, runTimeMs: Millis, extended: ReadonlySet<number>): Load {
  const kept: number[] = [];
  parts.forEach(({ startMs, follows = [] }, index) => {
    if (startMs === null ? follows.every((one) => kept.includes(one)) : startMs < runTimeMs) kept.push(index);
  });
  return {
    parts: kept.map((index): LoadPart => {
      const { follows, ...part } = parts[index]!;
      const leftMs = runTimeMs - (part.startMs ?? 0);
      return {
        ...part,
        ...(follows && { follows: follows.map((one) => kept.indexOf(one)) }),
        workload: limitWorkload(part.workload, leftMs, part.startMs !== null && extended.has(index)),
      };
    }),
    endMs: runTimeMs,
  };
}

function limitWorkload(workload: Workload, leftMs: Millis, isExtended: boolean): Workload {
  const durationMs = workloadDurationMs(workload);
  if (workload.kind === 'fixed') return { ...workload, limitMs: Math.min(durationMs ?? Infinity, leftMs) };
  const canHold = !(isOpen(workload) && workload.order.kind === 'listed');
  if (durationMs !== null && durationMs < leftMs && !(isExtended && canHold)) return workload;
  return isOpen(workload)
    ? { ...workload, rate: limitRateTime(workload.rate, leftMs) }
    : { ...workload, profile: limitRunTime(workload.profile, leftMs) };
}
