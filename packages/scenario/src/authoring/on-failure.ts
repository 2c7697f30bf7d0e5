/**
 * What happens when a task throws.
 * - `continue`: the user continues with the next task.
 * - `end-iteration`: the user skips the rest of the iteration and continues with the next one.
 * - `stop-user`: the user stops for the rest of the run. A note in the report counts such users.
 */
export type OnFailure = 'continue' | 'end-iteration' | 'stop-user';

export const ON_FAILURE: readonly OnFailure[] = ['continue', 'end-iteration', 'stop-user'];

/** Separate failure policies for `onStart` and for tasks. */
export interface UserOnFailure {
  /**
   * What happens when `onStart` throws. Default: up to five attempts in total, about 1, 2, 4 and
   * 8 s apart; then the user stops.
   * - `continue`: the user continues with its tasks.
   * - `end-iteration`: `onStart` is retried until it succeeds, after 1 s, 2 s, 4 s … 30 s.
   * - `stop-user`: the user stops after the first attempt.
   */
  readonly onStart?: OnFailure;
  /** The default for tasks and groups that do not set `onFailure`. */
  readonly tasks?: OnFailure;
}
