/** Attempts of `onStart`, unless the scenario sets another number. */
export const START_ATTEMPTS = 5;
/** The pause before the second attempt of `onStart`, milliseconds. It doubles up to the maximum. */
export const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

/**
 * Doubles with each attempt, plus or minus a quarter. The jitter keeps users that failed together
 * from retrying together.
 */
export function retryDelayMs(attempt: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempt - 1)) * (0.75 + Math.random() / 2);
}
