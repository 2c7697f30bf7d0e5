import { DrumlineError, formatDuration, type Millis } from '@drumline/model';

/** How long a run may wait in the queue. */
export interface QueueLimit {
  readonly maxWaitMs: Millis;
  /** On the wall clock, so that the wait goes on over restarts. */
  readonly untilMs: Millis;
}

/** `setTimeout` fires longer timers at once. */
const MAX_TIMER_MS: Millis = 2 ** 31 - 1;

/**
 * Waits until a run has been in the queue for too long.
 * @param whyWaiting what it waits for
 * @returns ends it: the run has begun, or has ended
 */
export function watchQueue(
  { maxWaitMs, untilMs }: QueueLimit,
  whyWaiting: () => string,
  giveUp: (error: DrumlineError) => void,
): () => void {
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const leftMs = Math.max(0, untilMs - Date.now());
    timer = setTimeout(leftMs > MAX_TIMER_MS ? wait : end, Math.min(leftMs, MAX_TIMER_MS));
  };
  const end = (): void =>
    giveUp(
      new DrumlineError(
        'queue-timeout',
        `The run waited in the queue for ${formatDuration(maxWaitMs)}, and did not begin: ${whyWaiting()}.`,
        'Raise --max-wait, add workers, or cancel the runs before it. `drumline queue` lists them.',
      ),
    );
  wait();
  return () => clearTimeout(timer);
}
