import { setTimeout as pause } from 'node:timers/promises';
import type { CountingTarget } from './bench.js';
import type { Aim, LoadGenerator, OwnCounts } from './generator.js';
import { othersShare, watchQuietly } from './slices.js';

/** How long a measurement takes, seconds. */
export interface Span {
  readonly warmUp: number;
  readonly window: number;
}

/** The cost of a generator's load in one window. */
export interface Cost {
  /** User and system CPU of all its processes for each answered request, in microseconds. */
  readonly cpuUs: number;
  readonly requestsPerSecond: number;
  /** CPU used, in cores. */
  readonly cores: number;
  /** Share of the machine that other processes used meanwhile. */
  readonly others: number;
  readonly counts: Counted | undefined;
}

/** A generator's own count with the target's. */
export interface Counted extends OwnCounts {
  readonly seenByTarget: number;
}

/**
 * Starts a generator, warms it up, and divides its CPU by the target's own count of requests. The
 * method is the same for all generators.
 * @throws Error if the generator exits or makes no load
 */
export async function measure<A extends Aim>(
  generator: LoadGenerator<A>,
  aim: A,
  { target, span, cores }: { target: CountingTarget; span: Span; cores: string | undefined },
): Promise<Cost> {
  const before = await target.requests();
  const running = await generator.start(aim, cores);
  try {
    await pause(span.warmUp * 1_000);
    running.assertAlive();
    const { pid } = running;
    const window = await watchQuietly(pid, () => target.requests(), span.window);
    running.assertAlive();
    const { requests, seconds, cpuSeconds } = window;
    const counts = await running.end();
    if (requests === 0)
      throw new Error(`${generator.name} made no requests: ${counts?.reason ?? 'no reason given'}`);
    return {
      cpuUs: (cpuSeconds / requests) * 1e6,
      requestsPerSecond: requests / seconds,
      cores: cpuSeconds / seconds,
      others: othersShare(window),
      counts: counts && { ...counts, seenByTarget: (await target.requests()) - before },
    };
  } finally {
    await running.kill();
  }
}
