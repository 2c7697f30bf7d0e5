/** How late the current iteration of a user began. The first call of the iteration takes it. */
export interface StartDelay {
  /** Milliseconds, with fractions; 0 if the iteration began on time, or a call has taken it. */
  startDelayMs: number;
}

/** Takes the delay of a user, so that later calls have none. @returns milliseconds */
export function takeStartDelay(user: StartDelay | undefined): number {
  if (user === undefined) return 0;
  const delayMs = user.startDelayMs;
  if (delayMs !== 0) user.startDelayMs = 0;
  return delayMs;
}
