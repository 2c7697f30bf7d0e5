import type { RunResult, TimelinePoint } from '@drumline/wire';
import type { Aggregate } from '../intervals/aggregate.js';
import type { UntrustedSeconds } from '../intervals/untrusted.js';

/** The workers that were the bottleneck in a second, as its point shows them. */
export function untrustedIn(untrusted: UntrustedSeconds, second: number): Pick<TimelinePoint, 'untrusted'> {
  const workers = untrusted.workersIn(second);
  return workers ? { untrusted: [...workers] } : {};
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
