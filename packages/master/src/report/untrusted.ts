import type { RunResult, TimelinePoint } from '@drumline/wire';
import type { Aggregate } from '../intervals/aggregate.js';
import type { UntrustedSeconds } from '../intervals/untrusted.js';

/** The workers that were the bottleneck in a second of a point, as the point shows them. */
export function untrustedIn(
  untrusted: UntrustedSeconds,
  fromSecond: number,
  endSecond: number,
): Pick<TimelinePoint, 'untrusted'> {
  const workers = new Set<string>();
  for (let second = fromSecond; second < endSecond; second++)
    for (const worker of untrusted.workersIn(second) ?? []) workers.add(worker);
  return workers.size > 0 ? { untrusted: [...workers] } : {};
}

/** The untrusted seconds since the last reset; empty if there are none. */
export function untrustedOf(
  { untrusted, fromSecond }: Pick<Aggregate, 'untrusted' | 'fromSecond'>,
  at: (ms: number) => string,
): Pick<RunResult, 'untrusted'> {
  const spans = untrusted.spans.filter((span) => span.fromSecond + span.seconds > fromSecond);
  if (spans.length === 0) return {};
  return {
    untrusted: spans.map((span) => ({
      worker: span.worker,
      from: at(span.fromSecond * 1_000),
      seconds: span.seconds,
      cause: span.cause,
    })),
  };
}
