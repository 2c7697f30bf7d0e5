import type { RunClient, RunResult, StatsView, TimelinePoint } from '@drumline/client';

/** One second of a run, merged over all lanes. */
export interface Second extends TimelinePoint {
  /** 1 for the first second of the run, without gaps. */
  readonly number: number;
  /** Set if this replaces the figures of a second that was yielded before. */
  readonly corrected?: true;
}

/** Everything that was counted until about the end of a second. */
export interface Detail extends StatsView {
  /** Number of that second: a multiple of ten. */
  readonly number: number;
}

export interface FollowOptions {
  /**
   * Also yield seconds again that reports of slow or unreachable workers have changed afterwards,
   * with `corrected`. With the latest figures of each number, the sum is exact. Default: false.
   */
  readonly corrections?: boolean | undefined;
  /** Number of the last second that is known; what follows it is yielded. Default: 0. */
  readonly after?: number | undefined;
  /** Ends the iteration, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What the iterators need of a run. */
export interface FollowedRun {
  readonly client: Pick<RunClient, 'events' | 'stats'>;
  /** Aborts when the control API has ended. */
  readonly gone: AbortSignal;
  readonly finished: Promise<RunResult>;
}

/** Seconds between two details. */
const DETAIL_SECONDS = 10;

/**
 * Every second of a run once, in order. A slow reader is sent what it missed from the number of its
 * last second on, so nothing waits in this process. What it has not read when the run ends comes
 * from the result.
 * @throws RunError if the run ended without a result
 */
export async function* followSeconds(
  { client, gone, finished }: FollowedRun,
  { after = 0, corrections = false, signal }: FollowOptions,
): AsyncGenerator<Second, void, undefined> {
  let number = after;
  let isComplete = false;
  try {
    const either = signal ? AbortSignal.any([gone, signal]) : gone;
    for await (const event of client.events({ after, signal: either })) {
      if (event.type === 'end') isComplete = true;
      if (event.type === 'interval' && event.number > number) {
        ({ number } = event);
        yield { number, ...event.point };
      } else if (event.type === 'correction' && corrections && event.number <= number)
        yield { number: event.number, ...event.point, corrected: true };
    }
  } catch {
    signal?.throwIfAborted();
    // The control API has ended: what is missing is in the result, or there is none.
  }
  const { run, timeline } = await finished;
  for (const point of timeline) {
    signal?.throwIfAborted();
    const its = numberOf(point, run.startedAt);
    if (its > number) yield { number: its, ...point };
    else if (corrections && !isComplete && its > after) yield { number: its, ...point, corrected: true };
  }
}

/** The statistics every ten seconds. A slow reader gets the latest ones only. */
export async function* followDetails(
  run: FollowedRun,
  options: FollowOptions,
): AsyncGenerator<Detail, void, undefined> {
  let counted = 0;
  for await (const { number } of followSeconds(run, options)) {
    if (number % DETAIL_SECONDS !== 0 || number <= counted || run.gone.aborted) continue;
    const stats = await run.client.stats().catch(() => undefined);
    if (!stats) continue;
    counted = Math.floor(stats.elapsedMs / 1_000);
    yield { number, ...stats };
  }
}

function numberOf({ at }: TimelinePoint, startedAt: string): number {
  return Math.round((Date.parse(at) - Date.parse(startedAt)) / 1_000) + 1;
}
